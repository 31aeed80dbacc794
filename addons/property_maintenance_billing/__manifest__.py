{
    "name": "Property Maintenance Billing",
    "summary": "Accepted and finished chargeable work becomes a bill of the resident",
    "version": "19.0.1.0.0",
    "category": "Services/Property Management",
    "author": "Property Suite contributors",
    "license": "LGPL-3",
    "depends": ["property_maintenance", "property_billing"],
    "data": [
        "data/ir_cron_data.xml",
        "views/property_request_quotation_views.xml",
        "views/property_request_category_views.xml",
        "views/maintenance_request_views.xml",
        "views/portal_templates.xml",
    ],
    "demo": ["demo/demo.xml"],
    "auto_install": True,
}
