"""The https door of the demo: phones trust it, and Odoo knows by which address it was asked."""

import asyncio
import ssl
import urllib.error
import urllib.request

import pytest

from scripts import certificates, demo, https
from scripts.state import Fault

NAMES = ["127.0.0.1", "localhost"]


@pytest.fixture
def asked():
    """Keep the heads that the server behind the door was sent."""
    return []


def visit(folder, asked, path, **headers):
    """Open a door before a small server and ask it something, as a phone does that trusts it.

    :return: (status, body)
    """

    async def server(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        asked.append(head.decode())
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        await writer.drain()
        writer.close()

    def ask(port):
        trust = ssl.create_default_context(cafile=folder / "authority.crt")
        request = urllib.request.Request(f"https://localhost:{port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(  # noqa: S310 our server
                request, timeout=10, context=trust
            ) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    async def both():
        certificate, authority = certificates.ensure(folder, NAMES)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        inner = await asyncio.start_server(server, "127.0.0.1", 0)
        target = inner.sockets[0].getsockname()[1]
        door = https.Door(target, authority.read_bytes())
        outer = await asyncio.start_server(door, "127.0.0.1", 0, ssl=context)
        port = outer.sockets[0].getsockname()[1]
        if path == "/gone":
            inner.close()
            await inner.wait_closed()
        return await asyncio.to_thread(ask, port)

    return asyncio.run(both())


def test_a_request_passes_with_the_address_that_was_asked(tmp_path, asked):
    status, body = visit(tmp_path, asked, "/field/", **{"X-Forwarded-For": "6.6.6.6"})
    assert (status, body) == (200, b"ok")
    [head] = asked
    assert "X-Forwarded-Proto: https" in head
    assert "X-Forwarded-Host: localhost:" in head
    assert "X-Forwarded-For: 127.0.0.1" in head
    assert "6.6.6.6" not in head


def test_a_phone_gets_the_certificate_that_it_has_to_trust(tmp_path, asked):
    status, body = visit(tmp_path, asked, "/authority.crt")
    assert status == 200
    assert body == (tmp_path / "authority.crt").read_bytes()
    assert b"PRIVATE" not in body
    assert not asked


def test_a_server_that_is_not_there_is_told(tmp_path, asked):
    assert visit(tmp_path, asked, "/gone")[0] == 502


def test_keys_are_private_and_the_authority_stays_when_the_address_changes(tmp_path):
    certificate, authority = certificates.ensure(tmp_path, NAMES)
    trusted, served = authority.read_bytes(), certificate.read_bytes()
    assert certificate.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "authority.pem").stat().st_mode & 0o777 == 0o600
    certificates.ensure(tmp_path, NAMES)
    assert certificate.read_bytes() == served
    certificates.ensure(tmp_path, [*NAMES, "10.0.0.7"])
    assert certificate.read_bytes() != served
    assert authority.read_bytes() == trusted


def test_a_websocket_keeps_its_upgrade_and_a_page_its_end():
    head = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    assert b"Connection: Upgrade\r\n" in https.rewritten(head, "10.0.0.2")
    head = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n"
    assert b"Connection: close\r\n" in https.rewritten(head, "10.0.0.2")


def test_the_code_leads_to_the_field_app(capsys):
    https.show(8443, ["10.0.0.7"])
    assert "https://10.0.0.7:8443/field/" in capsys.readouterr().out


def test_the_door_is_asked_for_with_or_without_a_port():
    assert demo.parse([]).https is None
    assert demo.parse(["--https"]).https == 8443
    assert demo.parse(["--https", "9443"]).https == 9443
    with pytest.raises(Fault):
        demo.need_port("0.0.0.0", 0)  # noqa: S104  (is refused)
