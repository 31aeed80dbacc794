{
    "name": "Property Leasing and Security",
    "summary": "A tenant who moved out no longer parks: his passes end on his last day",
    "version": "19.0.1.0.0",
    "category": "Services/Property Management",
    "author": "Property Suite contributors",
    "license": "LGPL-3",
    "depends": ["property_leasing", "property_security"],
    "auto_install": True,
}
