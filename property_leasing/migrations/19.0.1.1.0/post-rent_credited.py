"""Remember what amendments took off bills: bills made anew leave it out."""


def migrate(cr, version):
    """Fill what was credited of instalments and settlements that cost less now."""
    cr.execute(
        "UPDATE property_lease_instalment SET rent_credited = -rent_difference"
        " WHERE rent_difference < 0 AND rent_credited IS NULL"
    )
    cr.execute(
        "UPDATE property_lease_turnover_settlement SET amount_credited = -amount_difference"
        " WHERE amount_difference < 0 AND amount_credited IS NULL"
    )
