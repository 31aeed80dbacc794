"""Turn the daily rates of charge items into late fee policies."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Give every item that had a rate the company's plain policy of that rate."""
    cr.execute(
        """
        SELECT 1 FROM information_schema.columns
         WHERE table_name = 'property_charge_item' AND column_name = 'late_fee_rate'
        """
    )
    if not cr.fetchone():
        return
    cr.execute(
        "SELECT id, late_fee_rate FROM property_charge_item"
        " WHERE late_fee_rate > 0 AND late_fee_policy_id IS NULL"
    )
    env = api.Environment(cr, SUPERUSER_ID, {})
    for item_id, rate in cr.fetchall():
        env["property.charge.item"].browse(item_id).late_fee_rate = float(rate)
    env.flush_all()
    cr.execute("ALTER TABLE property_charge_item DROP COLUMN late_fee_rate")
