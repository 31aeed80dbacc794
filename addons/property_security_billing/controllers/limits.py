"""How often a client may ask on the pages without login.

Everything is counted by client, and never by plate or stay alone: nobody uses up what a driver
needs. A client is an address behind the proxy (``proxy_mode``), so many telephones of one carrier
may share it; the budgets leave room for that.
"""

import time

from odoo.http import request

from odoo.addons.property_billing.tools.rate_limit import RateLimit

from ..tools.client_key import client_key

#: Plates a client may ask for a minute, and askings of one plate in ten minutes.
LOOKUPS, SAME_PLATE = RateLimit(60, 60), RateLimit(12, 600)
#: Coupon codes a client may try in ten minutes: for one stay, and for all.
STAY_CODES, CODES = RateLimit(10, 600), RateLimit(60, 600)
#: Payments of one stay a client may begin in ten minutes, and of all stays in a minute.
STAY_PAYMENTS, PAYMENTS = RateLimit(10, 600), RateLimit(30, 60)
#: Papers of one payment a client may have made a minute, and links that lead nowhere.
PAPERS, MISSES = RateLimit(10, 60), RateLimit(20, 60)
#: VAT invoices a client may ask for in ten minutes.
INVOICES = RateLimit(10, 600)


def client():
    """Return whose request this is, as far as its address tells."""
    return client_key(request.httprequest.remote_addr)


def allowed(*asked):
    """Tell whether the client may go on, and count it.

    :param asked: a RateLimit, or a pair of one and what is asked about
    """
    who, now = client(), time.monotonic()
    pairs = [one if isinstance(one, tuple) else (one, "") for one in asked]
    return all(limit.allows((who, what), now) for limit, what in pairs)


def is_over(limit):
    """Tell whether the client has used up a budget, without counting."""
    return limit.is_full((client(), ""), time.monotonic())
