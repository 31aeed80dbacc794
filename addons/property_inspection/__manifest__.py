{
    "name": "Property Inspections",
    "summary": "Routes, rounds and check-ins belong to a site and are seen by its people alone",
    "version": "19.0.1.0.0",
    "category": "Services/Property Management",
    "author": "Property Suite contributors",
    "license": "LGPL-3",
    "depends": ["property_base", "inspection_round"],
    "data": [
        "security/inspection_site_rules.xml",
        "views/inspection_site_views.xml",
    ],
}
