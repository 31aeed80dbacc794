{
    "name": "Property Maintenance and Security",
    "summary": "Work orders out of incidents",
    "version": "19.0.1.0.0",
    "category": "Services/Property Management",
    "author": "Property Suite contributors",
    "license": "LGPL-3",
    "depends": ["property_maintenance", "property_security"],
    "data": ["views/property_incident_views.xml", "views/maintenance_request_views.xml"],
    "auto_install": True,
}
