"""The digest of a login for HTTP (RFC 7616, RFC 2617), as cameras ask for it."""

import hashlib
import re

HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}
PAIR = re.compile(r'(\w[\w-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')


class NoDigest(ValueError):
    """The challenge is none that can be answered."""


def read_challenge(header):
    """Read the challenge of a camera.

    :param str header: value of WWW-Authenticate
    :return: dict of its values, names in lower case
    :raise NoDigest: when it asks for something else

    >>> read_challenge('Digest realm="cam", qop="auth,auth-int", nonce="a1"')["nonce"]
    'a1'
    """
    scheme, _space, rest = header.strip().partition(" ")
    if scheme.lower() != "digest":
        raise NoDigest(scheme)
    found = {name.lower(): quoted or plain for name, quoted, plain in PAIR.findall(rest)}
    if not found.get("nonce") or "realm" not in found:
        raise NoDigest("nonce")
    return found


def answer(challenge, username, password, method, uri, cnonce, count=1):
    """Write the login for a challenge.

    :param challenge: as `read_challenge` returns it
    :param str uri: path and query of the request
    :param str cnonce: a random word of ours
    :param int count: how often the nonce was used
    :return: value of the header Authorization
    :raise NoDigest: for an algorithm that is not known here

    The example of RFC 2617, 3.5:

    >>> challenge = read_challenge('Digest realm="testrealm@host.com", qop="auth,auth-int",'
    ...     ' nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",'
    ...     ' opaque="5ccc069c403ebaf9f0171e9517f40e41"')
    >>> who = ("Mufasa", "Circle Of Life")
    >>> login = answer(challenge, *who, "GET", "/dir/index.html", "0a4f113b")
    >>> 'response="6629fae49393a05397450978507c4ef1"' in login
    True

    Of RFC 7616, 3.9.1:

    >>> challenge = read_challenge('Digest realm="http-auth@example.org", qop="auth, auth-int",'
    ...     ' algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",'
    ...     ' opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"')
    >>> login = answer(challenge, "Mufasa", "Circle of Life", "GET", "/dir/index.html",
    ...     "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ")
    >>> "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1" in login
    True
    """
    algorithm = challenge.get("algorithm", "MD5").upper()
    is_session = algorithm.endswith("-SESS")
    make = HASHES.get(algorithm.removesuffix("-SESS"))
    if make is None:
        raise NoDigest(algorithm)

    def digest(*parts):
        return make(":".join(parts).encode()).hexdigest()

    realm, nonce = challenge["realm"], challenge["nonce"]
    secret = digest(username, realm, password)
    if is_session:
        secret = digest(secret, nonce, cnonce)
    request = digest(method, uri)
    values = {"username": username, "realm": realm, "nonce": nonce, "uri": uri}
    offered = [one.strip() for one in challenge.get("qop", "").split(",")]
    plain = {"algorithm": challenge["algorithm"]} if "algorithm" in challenge else {}
    if "auth" in offered:
        used = f"{count:08x}"
        values["response"] = digest(secret, nonce, used, cnonce, "auth", request)
        values["cnonce"] = cnonce
        plain |= {"qop": "auth", "nc": used}
    elif offered == [""]:
        values["response"] = digest(secret, nonce, request)
    else:
        raise NoDigest(challenge["qop"])
    if "opaque" in challenge:
        values["opaque"] = challenge["opaque"]
    quoted = [f'{name}="{_escape(value)}"' for name, value in values.items()]
    return "Digest " + ", ".join(quoted + [f"{name}={value}" for name, value in plain.items()])


def _escape(text):
    return re.sub(r'(["\\])', r"\\\1", re.sub(r"[\r\n]", "", text))
