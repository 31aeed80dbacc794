"""An https door before the demo, for phones in the same network. It runs in the venv.

Phones allow a camera and a service worker over https only. This ends the encryption and hands each
request on to Odoo; websockets pass, too.
"""

import argparse
import asyncio
import contextlib
import socket
import ssl
from pathlib import Path

import qrcode

from . import certificates

HEAD_LIMIT = 65536  # bytes of a request's head
PATIENCE = 20  # seconds for a request's head
AUTHORITY = "/authority.crt"
OURS = (b"x-forwarded-", b"forwarded:", b"connection:", b"keep-alive:")  # headers that we write


class Door:
    """What stands before Odoo.

    :param target: port of Odoo on this machine
    :param authority: bytes of the certificate that phones have to trust
    """

    def __init__(self, target, authority):
        self.target = target
        self.authority = authority

    async def __call__(self, reader, writer):
        """Serve one connection: one request, or one websocket."""
        with contextlib.suppress(OSError, ssl.SSLError, asyncio.IncompleteReadError):
            try:
                head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
                if head.startswith(b"GET " + AUTHORITY.encode() + b" "):
                    writer.write(self.certificate())
                else:
                    await self.hand_on(head, reader, writer)
                await writer.drain()
            except (asyncio.LimitOverrunError, asyncio.TimeoutError):
                pass  # no request of a browser
            finally:
                writer.close()

    def certificate(self):
        """Answer with the certificate that a phone has to trust."""
        head = (
            "HTTP/1.1 200 OK\r\nContent-Type: application/x-x509-ca-cert\r\n"
            f"Content-Length: {len(self.authority)}\r\nConnection: close\r\n\r\n"
        )
        return head.encode() + self.authority

    async def hand_on(self, head, reader, writer):
        """Hand a request on to Odoo, and its answer back."""
        peer = writer.get_extra_info("peername")[0]
        try:
            inner, outer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n")
            return
        try:
            outer.write(rewritten(head, peer))
            # the answer's end ends both: a browser keeps its own side open
            up = asyncio.ensure_future(pump(reader, outer))
            await pump(inner, writer)
            up.cancel()
        finally:
            outer.close()


def rewritten(head, peer):
    """Tell Odoo by which address it was asked.

    :param head: bytes of a request up to its empty line
    :param peer: address of the browser

    >>> head = b"GET / HTTP/1.1\\r\\nHost: a:8443\\r\\nX-Forwarded-Proto: ftp\\r\\n\\r\\n"
    >>> rewritten(head, "10.0.0.2").split(b"\\r\\n")[2:4]
    [b'X-Forwarded-For: 10.0.0.2', b'X-Forwarded-Proto: https']
    """
    first, *lines = head.rstrip(b"\r\n").split(b"\r\n")
    is_upgrade = any(line.lower().startswith(b"upgrade:") for line in lines)
    host = next((line[5:].strip() for line in lines if line.lower().startswith(b"host:")), b"")
    kept = [line for line in lines if not line.lower().startswith(OURS)]
    kept += [
        b"X-Forwarded-For: " + peer.encode(),
        b"X-Forwarded-Proto: https",
        b"X-Forwarded-Host: " + host,
        b"Connection: " + (b"Upgrade" if is_upgrade else b"close"),
    ]
    return b"\r\n".join([first, *kept]) + b"\r\n\r\n"


async def pump(source, sink):
    """Hand on everything until there is no more."""
    while data := await source.read(65536):
        sink.write(data)
        await sink.drain()


def show(port, names):
    """Print the address as a code that a phone scans, and how a phone comes to trust it."""
    url = f"https://{names[0]}:{port}"
    code = qrcode.QRCode(border=2)
    code.add_data(f"{url}/field/")
    code.print_ascii(invert=True)
    print(f"  {url}/field/    the field app, for phones in the same network")
    print(f"  {url}{AUTHORITY}    install this certificate on the phone once: without it the")
    print("  browser warns, and keeps no app for work without a network", flush=True)


async def serve(port, target, folder):
    """Open the door and keep it open."""
    names = certificates.addresses()
    certificate, authority = certificates.ensure(folder, names)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate)
    door = Door(target, authority.read_bytes())
    server = await asyncio.start_server(
        door, host=None, port=port, ssl=context, limit=HEAD_LIMIT, family=socket.AF_INET
    )
    show(port, names)
    async with server:
        await server.serve_forever()


def main():
    """Read the arguments and serve until the process is ended."""
    parser = argparse.ArgumentParser(prog="scripts.https")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--target", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(options.port, options.target, options.folder))


if __name__ == "__main__":
    main()
