{
    "name": "Property Devices and Security",
    "summary": "Gates that speak MQTT; pictures of cameras for alarms of devices",
    "version": "19.0.1.0.0",
    "category": "Services/Property Management",
    "author": "Property Suite contributors",
    "license": "LGPL-3",
    "depends": ["mqtt_bridge", "property_security"],
    "data": [
        "data/ir_actions_server.xml",
        "views/mqtt_views.xml",
        "views/property_gate_views.xml",
    ],
    "auto_install": True,
}
