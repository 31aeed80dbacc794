"""A phone in a guard's hand: a browser that is cut off, killed and opened again."""

import contextlib
import io
import os
import random
import resource
import signal
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Error, expect, sync_playwright

PATIENCE = 60_000  # ms
expect.set_options(timeout=PATIENCE)
VIEW = {"width": 390, "height": 844}
# an empty transaction on what is being filled in: it ends after all those before it
KEPT = """() => new Promise((resolve, reject) => {
    const opening = indexedDB.open("field");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
        const last = opening.result.transaction("drafts", "readwrite", { durability: "strict" });
        last.objectStore("drafts").count();
        last.onabort = () => reject(last.error);
        last.oncomplete = () => {
            opening.result.close();
            resolve();
        };
    };
})"""


def photo(seed, size=(640, 480)):
    """Make a photo that no other is like.

    :return: bytes of a JPEG
    """
    noise = random.Random(seed).randbytes(64 * 48 * 3)  # noqa: S311  (pixels, no secrets)
    image = Image.frombytes("RGB", (64, 48), noise).resize(size, Image.Resampling.NEAREST)
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=90)
    return stream.getvalue()


@contextlib.contextmanager
def entered_playwright():
    """Start Playwright without the limit of memory that Odoo sets: Chromium maps more than that.

    :return: Playwright, within the block
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    try:
        started = sync_playwright()
        playwright = started.__enter__()
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    try:
        yield playwright
    finally:
        started.__exit__(None, None, None)


class FieldPhone:
    """The field app in a browser with a profile of its own.

    :param playwright: entered sync_playwright()
    :param browser: path of Chromium
    :param folder: Path of the profile
    :param proxy: ChaosProxy that the browser goes through
    :param options: more arguments for Chromium
    """

    def __init__(self, playwright, browser, folder, proxy, options=()):
        self.playwright, self.browser, self.folder = playwright, browser, Path(folder)
        self.proxy, self.options = proxy, options
        self.context = self.page = None
        self.cookies, self.errors = [], []

    # -- the phone

    def start(self):
        """Open the browser; it knows who is signed in if it ever did."""
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.folder),
            executable_path=str(self.browser),
            args=["--no-sandbox", "--disable-dev-shm-usage", *self.options],
            viewport=VIEW,
            has_touch=True,
            locale="en-US",
            permissions=["geolocation", "camera"],
            geolocation={"latitude": 31.2304, "longitude": 121.4737},
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.set_offline(self.proxy.is_off)
        if self.cookies:
            self.context.add_cookies(self.cookies)
        self.page = self.context.pages[0]
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def sign_in(self, session):
        """Take over a session; the log-in page is Odoo's own."""
        # a browser writes cookies to the disk after half a minute, and is killed before
        self.cookies = [{"name": "session_id", "value": session, "url": self.proxy.address}]
        self.context.add_cookies(self.cookies)

    def sign_out(self):
        """Let the session lapse."""
        self.cookies = []
        self.context.clear_cookies()

    def open(self):
        """Open the app."""
        self.page.goto(f"{self.proxy.address}/field/")
        self.page.wait_for_selector(".f-app")

    def wait_for_worker(self):
        """Wait until the app is kept for work without a network."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self.page.wait_for_function("navigator.serviceWorker.controller !== null")

    def cut_off(self):
        self.proxy.is_off = True
        self.context.set_offline(True)

    def connect(self):
        self.proxy.is_off = False
        self.context.set_offline(False)

    def wait_until_kept(self):
        """Wait until the disk has all that was tapped; death within that moment takes it along."""
        self.page.evaluate(KEPT)

    def kill(self):
        """Kill the browser as a phone does that needs its memory."""
        for pid in self.pids():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # it went with another
        try:
            self.context.close()
        except Error:
            pass  # it is dead
        until = time.monotonic() + 10
        while self.pids() and time.monotonic() < until:
            time.sleep(0.05)
        for name in ("SingletonLock", "SingletonCookie", "SingletonSocket"):
            (self.folder / name).unlink(missing_ok=True)

    def pids(self):
        """List the processes of this browser, by its profile."""
        mark, found = f"--user-data-dir={self.folder}".encode(), []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                if mark in path.read_bytes().split(b"\0"):
                    found.append(int(path.parent.name))
            except OSError:
                continue  # it has ended
        return found

    # -- the employee

    def run(self, script, value=None):
        """Run a script in the page.

        :param script: body of an async function of ``field``, the service of the app, ``modules``
            (name -> what the module exports) and ``value``
        :return: what it returns
        """
        return self.page.evaluate(
            f"""async (value) => {{
                const [{{ env: {{ field }} }}] = window.__OWL_DEVTOOLS__.apps;
                const {{ modules }} = odoo.loader;
                {script}
            }}""",
            value,
        )

    def wait_for_tries(self, count):
        """Wait until the first entry has failed so often at least."""
        self.page.wait_for_function(
            """(count) => {
                const [{ env: { field } }] = window.__OWL_DEVTOOLS__.apps;
                return field.state.entries[0]?.tries >= count;
            }""",
            arg=count,
        )

    def unsent(self):
        """Count what the phone still keeps, with what is just being queued."""
        return self.page.evaluate(
            """() => new Promise((resolve, reject) => {
                const [app] = window.__OWL_DEVTOOLS__?.apps || [];
                const opened = indexedDB.open("field");
                opened.onerror = () => reject(opened.error);
                opened.onsuccess = () => {
                    const store = opened.result.transaction("entries").objectStore("entries");
                    const asked = store.count();
                    asked.onsuccess = () => {
                        opened.result.close();
                        resolve(asked.result + (app?.env.field.sending.size || 0));
                    };
                };
            })"""
        )

    def open_round(self):
        self.page.locator(".f-round").first.click()
        self.page.wait_for_selector(".f-points")

    def check_in(self, code, picture):
        """Type the code of a label, take a photo, check in."""
        page = self.page
        page.click("[data-action=scan]")
        page.fill(".f-scanner input[name=code]", code)
        page.click(".f-scanner-typed button")
        item = page.locator(".f-item[data-type=photo]")
        item.locator("input[type=file]").set_input_files(
            {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": picture}
        )
        item.locator("img").wait_for()
        page.click("[data-action=submit]")
        page.wait_for_selector(".f-points")
        expect(page.locator(f".f-point-done[data-code='{code}']")).to_have_count(1)

    def finish(self):
        self.page.click(".f-foot [data-action=finish]")
        confirm = self.page.locator(".f-question .f-button-main")
        self.page.wait_for_selector(".f-question, .f-round")
        if confirm.count():
            confirm.click()
        self.page.wait_for_selector(".f-round")

    def wait_until_sent(self, seconds=300):
        """Wait until the queue is empty; every now and then the network comes back anew."""
        until = time.monotonic() + seconds
        while self.unsent():
            if time.monotonic() > until:
                self.page.click(".f-chip")
                self.page.wait_for_selector("[data-entry]")
                text = self.page.inner_text("body")
                raise AssertionError(f"{self.unsent()} entries stay on the phone: {text}")
            self.page.evaluate("window.dispatchEvent(new Event('online'))")
            self.page.wait_for_timeout(300)
