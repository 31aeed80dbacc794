"""A network as guards have it: it goes away, drops answers, and its server fails; by a seed."""

import http.client
import random
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

# what happens to a request: before means that the server never hears of it
FAULTS = ("error_before", "error_after", "drop_before", "drop_after", "cut")
TOUCHED = ("/field/sync/", "/field/data", "/field/device")
HOP = ("connection", "keep-alive", "transfer-encoding", "content-length")


class ChaosProxy(ThreadingHTTPServer):
    """A proxy before a server.

    :param target: address of the server
    :param seed: of what goes wrong
    """

    daemon_threads = True

    def __init__(self, target, seed):
        super().__init__(("127.0.0.1", 0), Handler)
        self.target = urlsplit(target)
        self.draw = random.Random(seed)  # noqa: S311  (faults, no secrets)
        self.share = 0.0  # of the requests that go wrong
        self.planned = []  # what happens to the next entries, before anything is drawn
        self.is_off = False
        self.happened = []
        self.lock = threading.Lock()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return super().__enter__()

    def __exit__(self, *exception):
        self.shutdown()
        return super().__exit__(*exception)

    def fault(self, path):
        """Draw what happens to a request."""
        with self.lock:
            if self.planned and path.startswith("/field/sync/"):
                self.happened.append(self.planned.pop(0))
                return self.happened[-1]
            if not path.startswith(TOUCHED) or self.draw.random() >= self.share:
                return ""
            self.happened.append(self.draw.choice(FAULTS))
            return self.happened[-1]

    def handle_error(self, *_request):
        """A browser that was killed reads no answer."""


class Handler(BaseHTTPRequestHandler):
    """Hands a request on, or lets it go wrong."""

    protocol_version = "HTTP/1.1"

    def handle_one(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        self.close_connection = True
        if self.server.is_off:
            return self.drop()
        fault = self.server.fault(self.path)
        if fault == "drop_before":
            return self.drop()
        if fault == "error_before":
            return self.answer(500, [("Content-Type", "text/html")], b"<h1>Internal Error</h1>")
        if fault.isdigit():  # what stands before the server, or in its place, answers
            return self.answer(int(fault), [("Content-Type", "text/html")], b"<h1>Not us</h1>")
        status, headers, content = self.ask(body)
        if fault == "drop_after":
            return self.drop()
        if fault == "error_after":
            return self.answer(500, [("Content-Type", "text/html")], b"<h1>Internal Error</h1>")
        return self.answer(status, headers, content, cut=fault == "cut")

    do_GET = do_POST = handle_one  # noqa: N815  (names of http.server)

    def ask(self, body):
        """Ask the server itself."""
        target = self.server.target
        connection = http.client.HTTPConnection(target.hostname, target.port, timeout=60)
        try:
            headers = {name: value for name, value in self.headers.items() if name != "Connection"}
            connection.request(self.command, self.path, body or None, headers)
            response = connection.getresponse()
            content = response.read()
            kept = [one for one in response.getheaders() if one[0].lower() not in HOP]
            return response.status, kept, content
        finally:
            connection.close()

    def answer(self, status, headers, content, cut=False):
        """Answer; a cut one says more than it gives."""
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if cut else content)

    def drop(self):
        """Close the connection without a word."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.connection.close()

    def log_message(self, *_words):
        """Say nothing."""
