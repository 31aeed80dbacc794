{
    "name": "Lane Rival",
    "summary": "For a test: an addon that has a say in how invoices are made and posted",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "author": "Property",
    "category": "Hidden",
    "depends": ["account"],
    "installable": True,
}
