"""Value-added tax inside and on top of a price. Pure: no Odoo import."""

from fractions import Fraction

from .rounding import round_step


def tax_inside(gross, rate):
    """Tell the tax contained in a price that includes it.

    :param gross: Decimal in yuan
    :param rate: per cent
    :return: Decimal

    >>> from decimal import Decimal
    >>> tax_inside(Decimal("285.30"), Decimal("6"))
    Decimal('16.15')
    """
    rate = Fraction(rate)
    return round_step(Fraction(gross) * rate / (100 + rate))


def tax_on_top(net, rate):
    """Tell the tax to add to a price that does not include it.

    >>> from decimal import Decimal
    >>> tax_on_top(Decimal("100.00"), Decimal("6"))
    Decimal('6.00')
    """
    return round_step(Fraction(net) * Fraction(rate) / 100)
