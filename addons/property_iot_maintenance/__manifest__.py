{
    "name": "Property Devices and Maintenance",
    "summary": "An alarm of a device raises one work order for its equipment",
    "version": "19.0.1.0.0",
    "category": "Services/Property Management",
    "author": "Property Suite contributors",
    "license": "LGPL-3",
    "depends": ["mqtt_bridge", "property_maintenance"],
    "data": [
        "data/ir_actions_server.xml",
        "views/mqtt_views.xml",
        "views/maintenance_equipment_views.xml",
    ],
    "auto_install": True,
}
