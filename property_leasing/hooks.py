"""Installation hooks: constraints we rely on, and labels of models that inherit."""

from odoo.addons.property_base.hooks import check_constraints

REQUIRED_CONSTRAINTS = {
    "property_lease_instalment": ("property_lease_instalment_no_overlap",),
    "property_lease_rent_free": ("property_lease_rent_free_no_overlap",),
    "property_lease_turnover": ("property_lease_turnover_month_once",),
    "property_lease_turnover_settlement": ("property_lease_turnover_settlement_days_once",),
}


def post_init_hook(env):
    """Check the constraints; load the labels that come from lower addons."""
    check_constraints(env, REQUIRED_CONSTRAINTS)
    # Labels that models here inherit belong to lower addons, translated before they existed.
    languages = [code for code, _name in env["res.lang"].get_installed()]
    env["ir.module.module"]._load_module_terms(["property_base", "property_billing"], languages)
