import os
import stat
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_actions_report import IrActionsReport as StockReport

from ..tools import browser
from .common import ReportCase

LOGGER = "odoo.addons.report_chromium.models.ir_actions_report"


@tagged("post_install", "-at_install")
class TestFailures(ReportCase):
    """What happens without a browser, and with a bad one: these tests need none."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        # what others print at this moment lies elsewhere
        self.enterContext(patch.object(tempfile, "tempdir", folder.name))

    def fake(self, script):
        """Use a shell script in place of the browser."""
        path = self.folder / "browser"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        variables = patch.dict(os.environ, {"CHROMIUM": str(path)})
        variables.start()
        self.addCleanup(variables.stop)

    def left_behind(self):
        return set(Path(tempfile.gettempdir()).glob("report.chromium.*"))

    def test_without_a_browser_stock_prints(self):
        reports = self.env["ir.actions.report"]
        with (
            patch.object(browser.shutil, "which", return_value=None),
            patch.object(StockReport, "_run_wkhtmltopdf", return_value=b"stock") as stock,
            patch.object(StockReport, "get_wkhtmltopdf_state", return_value="install"),
        ):
            self.assertEqual(reports.get_wkhtmltopdf_state(), "install")
            self.assertEqual(reports._run_wkhtmltopdf(["<p/>"], landscape=True), b"stock")
        self.assertEqual(stock.call_args.kwargs["landscape"], True)

    def test_with_a_browser_printing_is_ready(self):
        self.fake("exit 0")
        self.assertEqual(self.env["ir.actions.report"].get_wkhtmltopdf_state(), "ok")

    def test_the_variable_wins_over_the_parameter_and_the_parameter_over_the_path(self):
        self.env["ir.config_parameter"].set_param("report_chromium.path", "/bin/sh")
        with patch.dict(os.environ):
            os.environ.pop("CHROMIUM", None)
            self.assertEqual(self.env["ir.actions.report"]._chromium_path(), "/bin/sh")
        self.fake("exit 0")
        found = self.env["ir.actions.report"]._chromium_path()
        self.assertEqual(found, str(self.folder / "browser"))

    @mute_logger(LOGGER)
    def test_a_browser_that_stops_gives_a_clear_error(self):
        self.fake("echo broken >&2; exit 3")
        before = self.left_behind()
        with self.assertRaisesRegex(UserError, "Chromium stopped"):
            self.print_report("<p>x</p>")
        self.assertEqual(self.left_behind(), before)

    def test_the_words_of_the_browser_are_logged_and_not_shown(self):
        self.fake("echo /secret/path >&2; exit 3")
        with (
            self.assertLogs(LOGGER, "ERROR") as logged,
            self.assertRaises(UserError) as raised,
        ):
            self.print_report("<p>x</p>")
        self.assertIn("/secret/path", logged.output[0])
        self.assertNotIn("/secret/path", str(raised.exception))

    @mute_logger(LOGGER)
    def test_a_browser_that_cannot_be_started_gives_a_clear_error(self):
        self.fake("exit 0")
        (self.folder / "browser").write_text("#!/no/such/shell\n")
        with self.assertRaisesRegex(UserError, "Chromium stopped"):
            self.print_report("<p>x</p>")

    @mute_logger(LOGGER)
    def test_a_browser_that_hangs_is_ended_with_its_children(self):
        self.fake(f"sleep 300 & echo $! > {self.folder}/child; wait")
        self.env["ir.config_parameter"].set_param("report_chromium.timeout", "3")
        before = self.left_behind()
        with self.assertRaisesRegex(UserError, "longer than 3 seconds"):
            self.print_report("<p>x</p>")
        child = int((self.folder / "child").read_text())
        self.assertTrue(self.is_gone(child))
        self.assertEqual(self.left_behind(), before)

    def is_gone(self, pid):
        """Tell whether a process has ended; init may take a moment to bury it."""
        for _attempt in range(50):
            try:
                state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            except (FileNotFoundError, ProcessLookupError):
                return True
            if state == "Z":
                return True
            time.sleep(0.1)
        return False

    @mute_logger(LOGGER)
    def test_the_browser_does_not_see_the_secrets_of_the_server(self):
        self.fake(f"env > {self.folder}/env; ulimit -v >> {self.folder}/env")
        with patch.dict(os.environ, {"PGPASSWORD": "hidden"}), self.assertRaises(UserError):
            self.print_report("<p>x</p>")
        seen = (self.folder / "env").read_text()
        self.assertIn("PATH=", seen)
        self.assertNotIn("hidden", seen)
        self.assertTrue(seen.rstrip().endswith("unlimited"))

    def test_a_senseless_time_limit_is_ignored(self):
        for value in ("0", "-5", "soon", ""):
            self.env["ir.config_parameter"].set_param("report_chromium.timeout", value)
            self.assertEqual(self.env["ir.actions.report"]._chromium_timeout(), 60)
