"""Installation hooks: the constraints that rosters stand on, the labels that models inherit."""

from odoo.addons.property_base.hooks import check_constraints

REQUIRED_CONSTRAINTS = {
    "property_patrol_duty": ("property_patrol_duty_once",),
    "property_patrol_wand_holder": ("property_patrol_wand_holder_one_holder",),
}


def post_init_hook(env):
    """Refuse a database without our constraints; translate labels of property_base anew.

    Those labels existed there before ours.
    """
    check_constraints(env, REQUIRED_CONSTRAINTS)
    languages = [code for code, _name in env["res.lang"].get_installed()]
    env["ir.module.module"]._load_module_terms(["property_base"], languages)
