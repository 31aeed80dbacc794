"""A headless Chromium that prints HTML, driven over a pipe: no port, no web server, no driver.

One process prints any number of documents. The protocol is DevTools JSON, one message per NUL
byte, on the descriptors 3 (to the browser) and 4 (from it) of ``--remote-debugging-pipe``.

Scripts are off and every request is refused: a document must bring what it shows as ``data:``.
"""

import base64
import json
import os
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "chrome-headless-shell",
)
FLAGS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--mute-audio",
    "--no-default-browser-check",
    "--no-first-run",
    "--password-store=basic",
    "--use-mock-keychain",
)
# A server keeps passwords in its environment: the browser gets only what starting and fonts need.
ENVIRONMENT = ("HOME", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ")
ENVIRONMENT_PREFIXES = ("FONTCONFIG_", "LC_", "XDG_")
# A server limits its own address space; Chromium reserves more than that and dies at once.
LAUNCH = 'ulimit -v unlimited 2>/dev/null || :; exec "$0" "$@" 3<&0 4>&1 0</dev/null 1>&2'
CHUNK = 1 << 16
STDERR_TAIL = 2000
MM_PER_INCH = 25.4


class BrowserError(Exception):
    """The browser did not print. ``detail`` is for the log: it may name paths."""

    def __init__(self, message, detail=""):
        super().__init__(message)
        self.detail = detail


class BrowserCrashError(BrowserError):
    """The browser ended, or lost the page, before it had printed."""


class BrowserTimeoutError(BrowserError):
    """The browser gave no answer in the time allowed."""


def find_chromium(path=None):
    """Return the executable to print with.

    :param path: an explicit choice, a path or a name; nothing else is tried when it is given.
    :return: absolute path, or None when there is no such browser.
    """
    for name in (path,) if path else NAMES:
        found = shutil.which(name)
        if found:
            return os.path.abspath(found)
    return None


def child_environment(environ):
    """Return the part of ``environ`` that the browser may see.

    >>> child_environment({"PATH": "/bin", "LC_ALL": "C", "PGPASSWORD": "x"})
    {'PATH': '/bin', 'LC_ALL': 'C'}
    """
    return {
        key: value
        for key, value in environ.items()
        if key in ENVIRONMENT or key.startswith(ENVIRONMENT_PREFIXES)
    }


class Browser:
    """One running Chromium; a context manager that leaves no process and no file behind.

    :param executable: path of Chromium or Chrome.
    :param timeout: seconds allowed for starting, and again for each document.
    """

    def __init__(self, executable, timeout=60):
        self._executable = executable
        self._timeout = timeout
        self._deadline = 0.0
        self._buffer = bytearray()
        self._last_id = 0
        self._session = None
        self._process = None
        self._folder = None
        self._errors = None

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(
            prefix="report.chromium.", ignore_cleanup_errors=True
        )
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *exc_info):
        self._stop()

    def print_pdf(self, html, width, height, margins=(0, 0, 0, 0), scale=1.0):
        """Print one document.

        :param str html: a whole document, self-contained.
        :param width: of the paper, mm.
        :param height: of the paper, mm.
        :param margins: top, right, bottom, left, mm.
        :param scale: size of a CSS pixel, 1.0 = 1/96 inch; between 0.1 and 2.
        :return: the PDF, bytes.
        :raise BrowserError: when the browser crashed, hung or refused.
        """
        self._deadline = time.monotonic() + self._timeout
        tree = self._call("Page.getFrameTree")
        frame = tree["frameTree"]["frame"]["id"]
        self._call("Page.setDocumentContent", frameId=frame, html=html)
        self._settle()
        top, right, bottom, left = (value / MM_PER_INCH for value in margins)
        result = self._call(
            "Page.printToPDF",
            printBackground=True,
            paperWidth=width / MM_PER_INCH,
            paperHeight=height / MM_PER_INCH,
            marginTop=top,
            marginRight=right,
            marginBottom=bottom,
            marginLeft=left,
            scale=scale,
            generateTaggedPDF=False,  # the tags would be lost when pages are joined
        )
        return base64.b64decode(result["data"])

    def _settle(self):
        """Wait until the images and fonts of the page are decoded."""
        self._call(
            "Runtime.evaluate",
            expression="Promise.all(Array.from(document.images, i => i.decode().catch(() => 0)))"
            ".then(() => document.fonts.ready).then(() => true)",
            awaitPromise=True,
            returnByValue=True,
        )

    def _start(self):
        self._deadline = time.monotonic() + self._timeout
        folder = Path(self._folder.name)
        flags = [*FLAGS, f"--user-data-dir={folder / 'profile'}"]
        if os.geteuid() == 0:
            flags.append("--no-sandbox")  # Chromium refuses to start as root otherwise
        self._errors = (folder / "stderr").open("w+b")
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", LAUNCH, self._executable, *flags, "about:blank"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=child_environment(os.environ),
            start_new_session=True,
            bufsize=0,
        )
        os.set_blocking(self._process.stdin.fileno(), False)
        os.set_blocking(self._process.stdout.fileno(), False)
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        attached = self._call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        self._call("Page.enable")
        self._call("Fetch.enable", patterns=[{"urlPattern": "*"}])
        self._call("Emulation.setScriptExecutionDisabled", value=True)

    def _stop(self):
        """End the browser and all its children, and remove its files."""
        if self._process:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self._process.wait()
            self._process.stdin.close()
            self._process.stdout.close()
            self._process = None
        if self._errors:
            self._errors.close()
            self._errors = None
        if self._folder:
            self._folder.cleanup()
            self._folder = None

    def _call(self, method, **params):
        """Send one command and return its result."""
        ident = self._send(method, params)
        while True:
            message = self._receive()
            if message.get("id") == ident:
                if "error" in message:
                    raise BrowserError(f"{method}: {message['error'].get('message')}")
                return message["result"]
            self._on_event(message)

    def _on_event(self, message):
        event = message.get("method")
        if event == "Fetch.requestPaused":
            ident = message["params"]["requestId"]
            self._send("Fetch.failRequest", {"requestId": ident, "errorReason": "AccessDenied"})
        elif event in ("Inspector.targetCrashed", "Target.targetCrashed"):
            raise BrowserCrashError("The page crashed.", self._error_tail())

    def _send(self, method, params):
        self._last_id += 1
        message = {"id": self._last_id, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        data = memoryview(json.dumps(message).encode() + b"\0")
        while data:
            self._wait(self._process.stdin, selectors.EVENT_WRITE)
            try:
                data = data[os.write(self._process.stdin.fileno(), data[:CHUNK]) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise BrowserCrashError("The browser ended.", self._error_tail()) from None
        return self._last_id

    def _receive(self):
        """Return the next message of the browser."""
        start = 0
        while (end := self._buffer.find(b"\0", start)) < 0:
            start = len(self._buffer)
            self._wait(self._process.stdout, selectors.EVENT_READ)
            chunk = os.read(self._process.stdout.fileno(), CHUNK)
            if not chunk:
                raise BrowserCrashError("The browser ended.", self._error_tail())
            self._buffer += chunk
        message = json.loads(self._buffer[:end])
        del self._buffer[: end + 1]
        return message

    def _wait(self, stream, event):
        """Wait until ``stream`` is ready, no longer than the document's time."""
        with selectors.DefaultSelector() as selector:
            selector.register(stream, event)
            left = self._deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise BrowserTimeoutError(
                    f"No answer in {self._timeout} seconds.", self._error_tail()
                )

    def _error_tail(self):
        self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, self._errors.tell() - STDERR_TAIL))
        return self._errors.read().decode(errors="replace")
