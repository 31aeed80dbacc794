{
    "name": "Inspection Rounds",
    "version": "19.0.1.0.0",
    "category": "Services/Inspection",
    "summary": "Routes, checkpoints, rounds and check-ins that nobody can quietly lose",
    "author": "Property Suite contributors",
    "license": "LGPL-3",
    "depends": ["hr", "mail"],
    "external_dependencies": {"python": ["qrcode"]},
    "data": [
        "security/inspection_groups.xml",
        "views/inspection_menus.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "inspection_round/static/tests/tours/**/*",
        ],
    },
    "application": True,
    "installable": True,
}
