"""A server for a benchmark, and browsers that ask it what the screens ask."""

import contextlib
import http.cookiejar
import json
import socket
import subprocess
import time
import urllib.request
import xml.etree.ElementTree as ET


@contextlib.contextmanager
def served(runner):
    """Serve the database of a benchmark.

    :return: address, within the block
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    system, name = runner.system, runner.database
    process = subprocess.Popen(
        [
            *(str(system.python), "-m", "odoo", "server", "-d", name, f"--db-filter=^{name}$"),
            *("--http-interface=127.0.0.1", f"--http-port={port}", "--max-cron-threads=0"),
            "--log-level=error",
        ],
        env=system.environment(),
    )
    try:
        address = f"http://127.0.0.1:{port}"
        until = time.monotonic() + 300
        while True:
            try:
                urllib.request.urlopen(f"{address}/web/health", timeout=30).read()  # noqa: S310 our server
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > until:
                    raise
                time.sleep(0.5)
        yield address
    finally:
        process.terminate()
        process.wait()


class Browser:
    """One user's session; calls are those of the web client."""

    def __init__(self, address, database, login):
        self._address = address
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(cookies)
        self._specifications = {}
        self.context = {"lang": "zh_CN", "tz": "Asia/Shanghai"}
        values = {"db": database, "login": login, "password": login}
        found = self.rpc("/web/session/authenticate", **values)
        if not found or not found.get("uid"):
            raise RuntimeError(f"{login} could not log in")

    def get(self, path):
        """Read a page.

        :return: its text
        """
        with self._opener.open(self._address + path, timeout=300) as answer:
            return answer.read().decode()

    def post(self, path, body):
        """Send JSON as a page of ours does.

        :param body: bytes
        :return: bytes of the answer
        """
        head = {"Content-Type": "application/json"}
        request = urllib.request.Request(self._address + path, body, head)  # noqa: S310 our server
        with self._opener.open(request, timeout=300) as answer:
            return answer.read()

    def rpc(self, path, **values):
        """Call a JSON route.

        :return: its result
        """
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": values}).encode()
        found = json.loads(self.post(path, body))
        if found.get("error"):
            raise RuntimeError(found["error"]["data"]["debug"])
        return found["result"]

    def call(self, model, method, *args, context=(), **values):
        """Call a method of a model."""
        values["context"] = {**self.context, **dict(context)}
        path = f"/web/dataset/call_kw/{model}/{method}"
        return self.rpc(path, model=model, method=method, args=args, kwargs=values)

    def specification(self, model, kind):
        """Return what the web client reads for a view: every field of its arch."""
        if (model, kind) not in self._specifications:
            views = self.call(model, "get_views", [[False, kind]])
            arch = ET.fromstring(views["views"][kind]["arch"])  # noqa: S314 our server
            self._specifications[model, kind] = self._fields(arch, views["models"], model)
        return self._specifications[model, kind]

    def _fields(self, node, models, model):
        described = models.get(model, {}).get("fields", {})
        found = {}
        for child in node:
            if child.tag == "field":
                name = child.get("name")
                field = described.get(name, {})
                kind, inner = field.get("type"), [one for one in child if one.tag == "list"]
                if kind == "many2one":
                    found[name] = {"fields": {"display_name": {}}}
                elif kind in ("one2many", "many2many"):
                    within = self._fields(inner[0], models, field["relation"]) if inner else {}
                    found[name] = {"fields": within or {"display_name": {}}, "limit": 40}
                else:
                    found[name] = {}
            elif child.tag != "groupby":
                found.update(self._fields(child, models, model))
        return found

    def rows(self, model, domain=(), order=None, context=()):
        """Open a list: its first page and how many rows there are."""
        wanted = self.specification(model, "list")
        more = {"order": order} if order else {}
        return self.call(
            model,
            "web_search_read",
            context=context,
            domain=list(domain),
            specification=wanted,
            limit=80,
            count_limit=10001,
            **more,
        )

    def groups(self, model, name, sums, domain=()):
        """Open a grouped list: its first page and how many groups there are."""
        return self.call(model, "web_read_group", list(domain), [name], sums, limit=80)

    def pivot(self, model, groups, sums, domain=(), context=()):
        """Open a pivot: totals, and each level of its rows."""
        sets = [groups[:depth] for depth in range(len(groups) + 1)]
        return self.call(
            model,
            "formatted_read_grouping_sets",
            context=context,
            domain=list(domain),
            grouping_sets=sets,
            aggregates=[*sums, "__count"],
        )

    def form(self, model, record_id):
        """Open a form."""
        return self.call(model, "web_read", [record_id], self.specification(model, "form"))
