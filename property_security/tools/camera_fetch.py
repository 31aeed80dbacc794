"""Fetching a picture from a camera, and from nowhere else.

A picture is asked for at the camera's own host only. Its name is looked up once, the addresses are
judged, and the connection goes to the address that was judged: a name that changes its mind leads
nowhere. No redirection is followed. Time, size and kind are limited.
"""

import base64
import contextlib
import http.client
import ipaddress
import secrets
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from . import http_digest

LIMIT = 5 * 1024 * 1024  # bytes of a picture
TIMEOUT = 6  # seconds for everything
CHUNK = 64 * 1024
MAGIC = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
PORTS = {"http": 80, "https": 443}
#: Metadata services of clouds that are not link-local, and addresses that hide others (NAT64).
CLOSED = tuple(
    ipaddress.ip_network(one)
    for one in ("100.100.100.200/32", "192.0.0.192/32", "fd00:ec2::254/128", "64:ff9b::/96")
)


class FetchError(Exception):
    """No picture came.

    :param code: "address", "forbidden", "timeout", "network", "login", "status", "size" or "type"
    """

    def __init__(self, code, detail=""):
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Target:
    """Where a picture is, and how to get in. ``networks``: allowed beyond the usual ones."""

    url: str
    host: str
    username: str = ""
    password: str = ""
    networks: tuple = ()
    is_certificate_checked: bool = True


def is_allowed(address, networks=()):
    """Say whether a camera may stand at an address.

    This machine, the metadata services of clouds (link-local) and what is no single host are out
    of bounds, unless the administrator named their network.

    :param str address: of IPv4 or IPv6
    :param networks: texts like 127.0.0.0/8

    >>> [is_allowed(one) for one in ("192.168.1.64", "10.0.0.9", "8.8.8.8", "fd00::1")]
    [True, True, True, True]
    >>> [is_allowed(one) for one in ("127.0.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1",
    ...     "::1", "::ffff:127.0.0.1", "fe80::1", "255.255.255.255")]
    [False, False, False, False, False, False, False, False]
    >>> [is_allowed(one) for one in ("100.100.100.200", "fd00:ec2::254", "64:ff9b::7f00:1",
    ...     "2002:7f00:1::1")]
    [False, False, False, False]
    >>> is_allowed("127.0.0.1", ("127.0.0.0/8",))
    True
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    found = getattr(found, "ipv4_mapped", None) or found
    for network in networks:
        with contextlib.suppress(ValueError):
            if found in ipaddress.ip_network(network.strip(), strict=False):
                return True
    return not (
        found.is_loopback
        or found.is_link_local
        or found.is_multicast
        or found.is_unspecified
        or found.is_reserved
        or getattr(found, "sixtofour", None)
        or any(found in network for network in CLOSED)
    )


def image_type(content):
    """Tell the kind of a picture by its first bytes.

    >>> image_type(b"\\xff\\xd8\\xff\\xe0"), image_type(b"<html>")
    ('image/jpeg', '')
    """
    return next((kind for magic, kind in MAGIC if content.startswith(magic)), "")


def fetch(target, timeout=TIMEOUT, limit=LIMIT):
    """Fetch a picture.

    :param Target target: where
    :param float timeout: seconds for everything together
    :param int limit: bytes
    :return: bytes of a JPEG or PNG image
    :raise FetchError: when there is none
    """
    parts = _checked(target)
    deadline = time.monotonic() + timeout
    address = _resolve(parts, target.networks)
    status, headers, content = _get(parts, address, target, deadline, limit, "")
    if status == 401 and target.username:
        login = _login(headers, target, _uri(parts))
        status, headers, content = _get(parts, address, target, deadline, limit, login)
    if status in (401, 403):
        raise FetchError("login", str(status))
    if status != 200:
        raise FetchError("status", str(status))
    if not image_type(content):
        raise FetchError("type")
    return content


def _checked(target):
    try:
        parts = urlsplit(target.url)
        port = parts.port
    except ValueError:
        raise FetchError("address") from None
    if parts.scheme not in PORTS or not parts.hostname or parts.username or port == 0:
        raise FetchError("address")
    if any(ord(letter) <= 32 or ord(letter) == 127 for letter in target.url):
        raise FetchError("address")
    if parts.hostname.lower() != (target.host or "").strip().lower():
        raise FetchError("forbidden", parts.hostname)
    return parts


def _resolve(parts, networks):
    """Return an address of the host where a camera may stand."""
    port = parts.port or PORTS[parts.scheme]
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise FetchError("network", "name") from None
    addresses = [row[4][0] for row in found]
    if not addresses or not all(is_allowed(one, networks) for one in addresses):
        raise FetchError("forbidden", addresses[0] if addresses else "")
    return addresses[0], port


def _uri(parts):
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _login(headers, target, uri):
    """Answer what the camera asks for; digest goes before a login that can be read on the way."""
    asked = [value for name, value in headers if name.lower() == "www-authenticate"]
    for header in asked:
        try:
            challenge = http_digest.read_challenge(header)
            cnonce = secrets.token_hex(8)
            return http_digest.answer(
                challenge, target.username, target.password, "GET", uri, cnonce
            )
        except http_digest.NoDigest:
            continue
    if any(header.lower().startswith("basic") for header in asked):
        word = f"{target.username}:{target.password}".encode()
        return f"Basic {base64.b64encode(word).decode()}"
    raise FetchError("login", "scheme")


def _get(parts, address, target, deadline, limit, login):
    """Ask once.

    :return: (status, headers, content)
    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise FetchError("timeout")
    watch = None
    try:
        line = socket.create_connection(address, timeout=left)
        if parts.scheme == "https":
            line = _secured(line, parts, target)
        with contextlib.closing(line):
            # a camera that sends a byte a second keeps no worker: the line is cut
            watch = threading.Timer(left, _cut, [line])
            watch.daemon = True
            watch.start()
            if parts.scheme == "https":
                line.do_handshake()
            connection = http.client.HTTPConnection(parts.hostname, address[1], timeout=left)
            connection.sock = line
            headers = {"Accept": "image/jpeg, image/png", "Connection": "close"}
            if login:
                headers["Authorization"] = login
            connection.request("GET", _uri(parts), headers=headers)
            response = connection.getresponse()
            content = _read(response, limit) if response.status == 200 else b""
    except TimeoutError:
        raise FetchError("timeout") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        code = "timeout" if time.monotonic() >= deadline else "network"
        raise FetchError(code, type(error).__name__) from None
    finally:
        if watch:
            watch.cancel()
    if time.monotonic() >= deadline:
        raise FetchError("timeout")
    return response.status, response.getheaders(), content


def _secured(line, parts, target):
    context = ssl.create_default_context()
    if not target.is_certificate_checked:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(line, server_hostname=parts.hostname, do_handshake_on_connect=False)


def _cut(line):
    with contextlib.suppress(OSError):
        socket.socket.shutdown(line, socket.SHUT_RDWR)  # also of a line that is encrypted


def _read(response, limit):
    """Read a picture, but not more than the limit."""
    if (response.length or 0) > limit:
        raise FetchError("size")
    content = b""
    while chunk := response.read(min(CHUNK, limit + 1 - len(content))):
        content += chunk
        if len(content) > limit:
            raise FetchError("size")
    return content
