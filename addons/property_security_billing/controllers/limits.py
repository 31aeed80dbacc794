"""How often a client may ask on the pages of drivers.

The pages of a barrier that decide who passes count nothing.
"""

from odoo.addons.property_base.tools.limit import Limit

#: Plates a client may ask for a minute, and askings of one plate in ten minutes.
LOOKUPS, SAME_PLATE = Limit("lookups", 60, 60), Limit("same_plate", 12, 600)
#: Coupon codes a client may try in ten minutes: for one stay, and for all.
STAY_CODES, CODES = Limit("stay_codes", 10, 600), Limit("codes", 60, 600)
#: Payments of one stay a client may begin in ten minutes, and of all stays in a minute.
STAY_PAYMENTS, PAYMENTS = Limit("stay_payments", 10, 600), Limit("payments", 30, 60)
#: Papers of one payment a client may have made a minute, and links that lead nowhere.
PAPERS, MISSES = Limit("papers", 10, 60), Limit("misses", 20, 60)
#: VAT invoices a client may ask for in ten minutes.
INVOICES = Limit("invoices", 10, 600)
