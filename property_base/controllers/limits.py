"""How often a client may ask on the pages without login.

Everything is counted by client, and never by what is asked about alone: nobody uses up what another
needs. A client is an address behind the proxy (``proxy_mode``), so many telephones of one carrier
may share it; budgets leave room for that. The database counts, so that all workers count together.
"""

from odoo.http import request

from ..tools.client_key import client_key
from ..tools.limit import Limit


def allowed(*asked):
    """Tell whether the client may go on, and count it.

    :param asked: a Limit, or a pair of one and what is asked about
    """
    knocks, who = request.env["property.knock"], _client()
    pairs = [(one, "") if isinstance(one, Limit) else one for one in asked]
    return knocks._allows([(limit, f"{who} {what}") for limit, what in pairs])


def is_over(limit):
    """Tell whether the client has used up a budget, without counting.

    :param limit: Limit
    """
    return request.env["property.knock"]._is_full(limit, f"{_client()} ")


def _client():
    return client_key(request.httprequest.remote_addr)
