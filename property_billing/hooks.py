"""Installation hooks: constraints we rely on, and a chart of accounts where there is none."""

from odoo.addons.property_base.hooks import check_constraints

REQUIRED_CONSTRAINTS = {
    "property_charge": ("property_charge_billed_once",),
    "property_tariff": ("property_tariff_no_overlap",),
    "property_fee": ("property_fee_no_overlap",),
    "property_receipt_book": ("property_receipt_book_no_overlap",),
    "property_meter_reading": ("property_meter_reading_day_unique",),
}


def pre_init_hook(env):
    """Create the extension that lets a range constraint also compare plain columns."""
    env.cr.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")


def post_init_hook(env):
    """Check the constraints and make every company ready to bill."""
    check_constraints(env, REQUIRED_CONSTRAINTS)
    env["res.company"].search([("parent_id", "=", False)])._billing_prepare_accounting()
    env["property.charge.item"]._sync_fees()
    # Labels that models here inherit belong to property_base, translated before they existed.
    languages = [code for code, _name in env["res.lang"].get_installed()]
    env["ir.module.module"]._load_module_terms(["property_base"], languages)
