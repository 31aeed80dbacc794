"""Who knocks: one household or telephone, as far as an address tells."""

from ipaddress import IPv6Address, ip_address, ip_network


def client_key(address):
    """Return what counts as one client behind an address.

    Whoever has IPv6 has 2^64 addresses to change between, so its network counts.

    :param str address: remote address, as the server or the proxy before it saw it
    :return: text, equal for addresses of one client

    >>> client_key("203.0.113.7")
    '203.0.113.7'
    >>> client_key("2001:db8:1:2::5") == client_key("2001:db8:1:2:ffff::9")
    True
    >>> client_key("2001:db8:1:2::5") == client_key("2001:db8:1:3::5")
    False
    >>> client_key("::ffff:203.0.113.7")
    '203.0.113.7'
    >>> client_key(None), client_key("nonsense")
    ('', '')
    """
    try:
        known = ip_address(address or "")
    except ValueError:
        return ""
    if not isinstance(known, IPv6Address):
        return str(known)
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return str(ip_network((int(known), 64), strict=False))
