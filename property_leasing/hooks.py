"""Installation hooks: constraints we rely on, and what companies need to let spaces."""

from odoo.addons.property_base.hooks import check_constraints

REQUIRED_CONSTRAINTS = {
    "property_lease_instalment": ("property_lease_instalment_no_overlap",),
    "property_lease_rent_free": ("property_lease_rent_free_no_overlap",),
}


def post_init_hook(env):
    """Check the constraints; give every company a rent item and a lease deposit."""
    check_constraints(env, REQUIRED_CONSTRAINTS)
    # Labels that models here inherit belong to lower addons, translated before they existed.
    languages = [code for code, _name in env["res.lang"].get_installed()]
    env["ir.module.module"]._load_module_terms(["property_base", "property_billing"], languages)
    env["res.company"].search([])._lease_prepare()
