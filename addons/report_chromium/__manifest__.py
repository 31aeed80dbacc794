{
    "name": "Chromium Reports",
    "version": "19.0.1.0.0",
    "category": "Technical",
    "summary": "Print QWeb reports with headless Chromium; stock wkhtmltopdf without it",
    "author": "Property Suite contributors",
    "license": "LGPL-3",
    "depends": ["web"],
    "data": [],
    "installable": True,
}
