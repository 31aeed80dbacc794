"""A camera for tests: an HTTP server of this machine that behaves well or badly, by its paths."""

import base64
import io
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image

from ..tools import http_digest

USER, PASSWORD = "viewer", 'se"cret'
CHALLENGE = 'Digest realm="camera", qop="auth", nonce="n0nce", algorithm={algorithm}'


def picture(kind="JPEG", size=(64, 36)):
    """Return the bytes of a small picture."""
    stream = io.BytesIO()
    Image.new("RGB", size, (80, 90, 100)).save(stream, kind)
    return stream.getvalue()


class Camera(BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        """Say nothing."""

    def do_GET(self):
        self.server.asked.append((self.path, self.headers.get("Authorization")))
        name = re.sub(r"\W.*", "", self.path[1:])
        getattr(self, f"on_{name}", self.on_missing)()

    def answer(self, status, content=b"", **headers):
        self.send_response(status)
        for key, value in {"Content_Length": len(content), **headers}.items():
            self.send_header(key.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(content)

    def on_missing(self):
        self.answer(404)

    def on_jpeg(self):
        self.answer(200, picture())

    def on_png(self):
        self.answer(200, picture("PNG"))

    def on_html(self):
        self.answer(200, b"<html>Log in</html>", Content_Type="image/jpeg")

    def on_broken(self):
        self.answer(200, b"\xff\xd8\xff\xe0 but no picture")

    def on_announced(self):
        self.answer(200, b"\xff\xd8\xff", Content_Length=10**9)

    def on_endless(self):
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"\xff\xd8\xff" + b"x" * 65536)
        except OSError:
            pass

    def on_silent(self):
        self.server.release.wait()

    def on_drip(self):
        self.send_response(200)
        self.end_headers()
        try:
            while not self.server.release.wait(0.05):
                self.wfile.write(b"\xff")
                self.wfile.flush()
        except OSError:
            pass

    def on_away(self):
        self.answer(302, Location="http://127.0.0.1:1/jpeg")

    def on_basic(self):
        word = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") == f"Basic {word}":
            self.answer(200, picture())
        else:
            self.answer(401, WWW_Authenticate='Basic realm="camera"')

    def on_digest(self):
        self.on_digest_of("MD5")

    def on_sha(self):
        self.on_digest_of("SHA-256")

    def on_digest_of(self, algorithm):
        text = CHALLENGE.format(algorithm=algorithm)
        given = self.headers.get("Authorization") or ""
        nonce = re.search(r'cnonce="(\w+)"', given)
        if nonce:
            challenge = http_digest.read_challenge(text)
            wanted = http_digest.answer(challenge, USER, PASSWORD, "GET", self.path, nonce[1])
            if given == wanted:
                self.answer(200, picture())
                return
        self.answer(401, WWW_Authenticate=text)


class CameraServer:
    """Run the camera while a test class runs."""

    def __enter__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Camera)
        self.server.daemon_threads = True
        self.server.asked = []
        self.server.release = threading.Event()
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *arguments):
        self.server.release.set()
        self.server.shutdown()
        self.server.server_close()

    @property
    def asked(self):
        """The paths that were asked for, and the logins given."""
        return self.server.asked

    def url(self, path):
        return f"http://127.0.0.1:{self.port}/{path}"
