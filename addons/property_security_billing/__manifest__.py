{
    "name": "Property Security Billing",
    "summary": "Parking fees are paid at the lane, by phone or from a balance; cards are billed",
    "version": "19.0.1.0.0",
    "category": "Services/Property Management",
    "author": "Property Suite contributors",
    "license": "LGPL-3",
    "depends": ["property_security", "property_billing"],
    "data": [
        "security/ir.model.access.csv",
        "security/parking_payment_rules.xml",
        "data/parking_payment_data.xml",
        "views/property_parking_payment_views.xml",
        "views/property_parking_refund_views.xml",
        "views/property_parking_day_views.xml",
        "views/property_parking_area_views.xml",
        "views/property_parking_pass_views.xml",
        "wizards/property_parking_collect_views.xml",
        "views/property_parking_session_views.xml",
        "report/parking_receipt_templates.xml",
        "views/parking_pay_templates.xml",
        "views/parking_payment_menus.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "property_security_billing/static/src/portal/**/*",
        ],
        "web.assets_tests": [
            "property_security_billing/static/tests/tours/**/*",
        ],
    },
    "auto_install": True,
}
