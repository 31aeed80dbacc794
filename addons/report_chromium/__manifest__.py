{
    "name": "Chromium Reports",
    "version": "19.0.1.0.0",
    "category": "Technical",
    "summary": "Print PDF reports with headless Chromium",
    "description": "Prints QWeb reports with headless Chromium; stock wkhtmltopdf without it.",
    "author": "Property Suite contributors",
    "license": "LGPL-3",
    "depends": ["web"],
    "data": [],
    "installable": True,
}
