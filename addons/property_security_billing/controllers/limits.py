"""How often a client may ask on the pages without login.

Everything is counted by client, and never by plate or stay alone: nobody uses up what a driver
needs. A client is an address behind the proxy (``proxy_mode``), so many telephones of one carrier
may share it; the budgets leave room for that. The database counts, so that all workers count
together; the pages of a barrier that decide who passes count nothing.
"""

from typing import NamedTuple

from odoo.http import request

from ..tools.client_key import client_key


class Limit(NamedTuple):
    """So many events within so many seconds."""

    name: str
    events: int
    seconds: int


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


def client():
    """Return whose request this is, as far as its address tells."""
    return client_key(request.httprequest.remote_addr)


def allowed(*asked):
    """Tell whether the client may go on, and count it.

    :param asked: a Limit, or a pair of one and what is asked about
    """
    knocks, who = request.env["property.parking.knock"], client()
    pairs = [(one, "") if isinstance(one, Limit) else one for one in asked]
    return all(knocks._allows(limit, f"{who} {what}") for limit, what in pairs)


def is_over(limit):
    """Tell whether the client has used up a budget, without counting."""
    return request.env["property.parking.knock"]._is_full(limit, f"{client()} ")
