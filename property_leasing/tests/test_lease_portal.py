import base64
import re
from datetime import date
from decimal import Decimal
from unittest.mock import patch

from freezegun import freeze_time
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..controllers.lease_steps import read_amount
from ..controllers.lease_values import lease_page
from .common import LeasingCommon
from .moveout_common import MoveoutMixin
from .turnover_common import TurnoverMixin

TODAY = "2026-10-05"
PDF = b"%PDF-1.7 till report"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@tagged("post_install", "-at_install")
class TestLeasePortal(MoveoutMixin, TurnoverMixin, LeasingCommon, HttpCase):
    """What tenants see and do, and that nobody sees or changes what is another's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(TODAY):
            cls.set_up_moveout()
            cls.moveout = cls.move_out(bad=500.0)
            cls.running = cls.sign(
                cls.new_turnover_lease(unit=cls.shop_2, partner_id=cls.baker.id, brand="Sun Bread")
            )
        cls.new_portal_user(cls.cafe, "portal.cafe")
        cls.new_portal_user(cls.baker, "portal.baker")
        cls.new_portal_user(cls.buyer, "portal.nobody")
        cls.july = cls.running.turnover_ids.sorted("date_from")[0]

    def setUp(self):
        super().setUp()
        frozen = freeze_time(TODAY, tick=True)
        frozen.start()
        self.addCleanup(frozen.stop)
        self.authenticate("portal.baker", "portal.baker")

    def get(self, path):
        """Open a page; the site may send to the same one in the user's language."""
        with mute_logger("odoo.http", "odoo.sql_db"):
            answer = self.url_open(path)
        self.env.invalidate_all()
        return answer

    def post(self, path, files=None, **form):
        """Send a form with the token of the session."""
        page = self.url_open("/my/leases").text
        form["csrf_token"] = re.search(r'csrf_token: "([^"]+)"', page)[1]
        with mute_logger("odoo.http", "odoo.sql_db"):
            answer = self.url_open(path, data=form, files=files, allow_redirects=False)
        self.env.invalidate_all()
        return answer

    def declare_july(self, amount="128,000.50", content=PDF, name="till.pdf"):
        return self.post(
            f"/my/leases/{self.running.id}/turnover/{self.july.id}",
            files={"files": (name, content)},
            amount=amount,
        )

    # === Pages ===

    def test_the_list_and_the_page_show_the_own_lease(self):
        page = self.get("/my/leases").text
        self.assertIn("Sun Bread", page)
        self.assertNotIn(self.lease.name, page)
        page = self.get(f"/my/leases/{self.running.id}").text
        for words in (self.running.name, "S02", "8 %", "Declare turnover", "Give notice"):
            self.assertIn(words, page)
        self.assertEqual(len(re.findall("o_property_declare", page)), 3)

    def test_the_contract_is_downloaded_only_where_one_was_signed(self):
        self.assertEqual(self.get(f"/my/leases/{self.running.id}/contract").status_code, 404)

    def test_the_page_of_a_lease_asks_few_queries(self):
        user = self.env["res.users"].search([("login", "=", "portal.baker")])

        short = self.running.with_user(user).sudo()
        lease_page(short, self.baker, short.turnover_ids.browse())
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        lease_page(short, self.baker, short.turnover_ids.browse())
        self.assertLess(self.env.cr.sql_log_count - before, 90)

    # === Turnover ===

    def test_a_tenant_declares_turnover_with_the_till_report(self):
        answer = self.declare_july()
        self.assertEqual(answer.status_code, 303)
        self.assertEqual((self.july.state, self.july.amount), ("declared", 128000.5))
        self.assertEqual(self.july.attachment_ids.raw, PDF)
        self.assertEqual(self.july.declared_by_id.login, "portal.baker")
        path = f"/my/leases/{self.running.id}/turnover/{self.july.id}/file/"
        self.assertEqual(self.get(f"{path}{self.july.attachment_ids.id}").content, PDF)
        self.assertEqual(self.get(f"{path}{self.july.attachment_ids.id + 1}").status_code, 404)

    def test_bad_figures_and_files_get_a_sentence_and_change_nothing(self):
        for amount, content in (
            ("", PDF),
            ("-5", PDF),
            ("1e9", PDF),
            ("９９", PDF),
            ("9" * 40, PDF),
            ("12.345", PDF),
            ("100", b"<svg onload=alert(1)>"),
            ("100", b"MZ executable"),
        ):
            with self.subTest(amount=amount, content=content[:5]):
                answer = self.declare_july(amount, content)
                self.assertEqual(answer.status_code, 422)
                self.assertIn("op-note-due", answer.text)
                self.assertEqual(self.july.state, "open")
                self.assertFalse(self.july.attachment_ids)

    def test_signs_of_either_width_are_read(self):
        for text in ("¥128,000.50", "￥128，000.50"):
            self.assertEqual(read_amount(text), Decimal("128000.50"))

    def test_a_month_that_runs_is_not_declared(self):
        october = self.running.turnover_ids.sorted("date_from")[3]
        path = f"/my/leases/{self.running.id}/turnover/{october.id}"
        self.assertEqual(self.post(path, amount="5").status_code, 422)
        self.assertEqual(october.state, "open")

    # === Papers ===

    def test_a_tenant_uploads_a_paper_and_downloads_it(self):
        path = f"/my/leases/{self.running.id}/papers"
        answer = self.post(
            path, files={"file": ("licence.pdf", PDF)}, kind="licence", date_to="2027-03-31"
        )
        self.assertEqual(answer.status_code, 303)
        paper = self.running.document_ids
        self.assertEqual(
            (paper.kind, paper.date_to, paper.state, paper.mimetype, paper.partner_id),
            ("licence", date(2027, 3, 31), "new", "application/pdf", self.baker),
        )
        found = self.get(f"/my/leases/{self.running.id}/paper/{paper.id}")
        self.assertEqual(found.content, PDF)
        paper.action_accept()
        self.assertEqual(paper.state, "accepted")

    def test_papers_are_checked(self):
        path = f"/my/leases/{self.running.id}/papers"
        for form, content in (
            ({"kind": "licence"}, b""),
            ({"kind": "licence"}, b"GIF89a"),
            ({"kind": "contract"}, PDF),
            ({"kind": "licence", "date_to": "2026-02-30"}, PDF),
        ):
            with self.subTest(form):
                self.assertEqual(
                    self.post(path, files={"file": ("a.pdf", content)}, **form).status_code, 422
                )
        self.assertFalse(self.running.document_ids)

    # === Notice ===

    def test_a_tenant_gives_notice_and_withdraws_it(self):
        path = f"/my/leases/{self.running.id}/notice"
        for form in ({}, {"kind": "x"}, {"kind": "end"}, {"kind": "end", "date_to": "2030-01-01"}):
            with self.subTest(form):
                self.assertEqual(self.post(path, **form).status_code, 422)
        answer = self.post(path, kind="end", date_to="2027-01-31", reason="Moving")
        self.assertEqual(answer.status_code, 303)
        notice = self.running.notice_ids
        self.assertEqual((notice.state, notice.date_to), ("given", date(2027, 1, 31)))
        self.assertEqual(self.post(path, kind="leave").status_code, 422)
        self.assertEqual(self.post(f"{path}/{notice.id}/withdraw").status_code, 303)
        self.assertEqual(notice.state, "withdrawn")
        self.assertEqual(self.post(f"{path}/{notice.id}/withdraw").status_code, 422)

    # === Move-out ===

    def test_a_tenant_reads_the_statement_and_signs_it(self):
        self.authenticate("portal.cafe", "portal.cafe")
        path = f"/my/leases/moveout/{self.moveout.id}"
        self.assertNotIn("o_property_sign", self.get(path).text)
        self.assertEqual(self.post(f"{path}/sign", name="Lin", agreed="1").status_code, 422)
        self.moveout.action_offer()
        page = self.get(path).text
        for words in ("o_property_sign", "Hole in the wall", "500.00"):
            self.assertIn(words, page)
        self.assertEqual(self.post(f"{path}/sign", name="Lin").status_code, 422)
        self.assertEqual(self.post(f"{path}/sign", name=" ", agreed="1").status_code, 422)
        drawing = "data:image/png;base64," + base64.b64encode(PNG).decode()
        answer = self.post(f"{path}/sign", name="Lin", agreed="1", signature="data:text/html,x")
        self.assertEqual(answer.status_code, 303)
        self.assertEqual((self.moveout.step, self.moveout.signed_name), ("agreed", "Lin"))
        self.assertFalse(self.moveout.signature)
        self.assertTrue(self.moveout.signed_ip)
        again = self.post(f"{path}/sign", name="Lin", agreed="1", signature=drawing)
        self.assertEqual(again.status_code, 422)
        self.assertIn(self.moveout.statement_sha256, self.get(path).text)

    def test_a_tenant_objects(self):
        self.authenticate("portal.cafe", "portal.cafe")
        path = f"/my/leases/moveout/{self.moveout.id}"
        self.moveout.action_offer()
        self.assertEqual(self.post(f"{path}/dispute", reason=" ").status_code, 422)
        self.assertEqual(self.post(f"{path}/dispute", reason="Not mine").status_code, 303)
        self.assertEqual((self.moveout.step, self.moveout.dispute), ("disputed", "Not mine"))

    # === Others' ===

    def paths(self):
        """List every route with records of the tenants: (path, form or None)."""
        photo = self.env["ir.attachment"].create({"name": "p.png", "raw": PNG})
        self.moveout.check_ids[0].sudo().attachment_ids = photo
        paper = self.env["property.lease.document"]._upload(
            self.running, self.baker, {"kind": "other", "name": "P", "file_name": "p.pdf"}, PDF
        )
        notice = self.env["property.lease.notice"]._give(self.running, "leave", None, "x")
        till = self.env["ir.attachment"].create({"name": "t.pdf", "raw": PDF})
        self.july.sudo().attachment_ids = till
        lease, moveout = f"/my/leases/{self.running.id}", f"/my/leases/moveout/{self.moveout.id}"
        return [
            (lease, None),
            (f"{lease}/contract", None),
            (f"{lease}/paper/{paper.id}", None),
            (f"{lease}/turnover/{self.july.id}/file/{till.id}", None),
            (moveout, None),
            (f"{moveout}/pdf", None),
            (f"{moveout}/photo/{photo.id}", None),
            (f"{lease}/turnover/{self.july.id}", {"amount": "5"}),
            (f"{lease}/papers", {"kind": "other"}),
            (f"{lease}/notice", {"kind": "leave"}),
            (f"{lease}/notice/{notice.id}/withdraw", {}),
            (f"{moveout}/sign", {"name": "x", "agreed": "1"}),
            (f"{moveout}/dispute", {"reason": "x"}),
        ]

    def state(self):
        self.env.invalidate_all()
        return (
            self.july.state,
            self.july.amount,
            self.moveout.step,
            self.running.notice_ids.mapped("state"),
            len(self.running.document_ids),
            self.env["ir.attachment"].search_count([("res_model", "like", "property.lease%")]),
        )

    def test_no_route_shows_or_changes_what_is_somebody_elses(self):
        paths = self.paths()
        self.moveout.action_offer()
        before = self.state()
        self.authenticate("portal.nobody", "portal.nobody")
        for path, form in paths:
            with self.subTest(path):
                answer = self.get(path) if form is None else self.post(path, **form)
                self.assertEqual(answer.status_code, 404)
                self.assertNotIn(self.running.name, answer.text)
        # another tenant's lease with one's own rows: neither does that open anything
        own = f"/my/leases/{self.lease.id}"
        self.authenticate("portal.cafe", "portal.cafe")
        for path, form in (
            (f"{own}/turnover/{self.july.id}", {"amount": "5"}),
            (f"{own}/paper/{self.running.document_ids.id}", None),
            (f"{own}/notice/{self.running.notice_ids.id}/withdraw", {}),
        ):
            with self.subTest(path):
                answer = self.get(path) if form is None else self.post(path, **form)
                self.assertEqual(answer.status_code, 404)
        self.assertEqual(self.state(), before)

    def test_ids_that_are_none_get_a_page(self):
        for number in ("0", "99999999999999999999", str(2**31)):
            for path in (f"/my/leases/{number}", f"/my/leases/moveout/{number}"):
                with self.subTest(path):
                    self.assertEqual(self.get(path).status_code, 404)

    def test_visitors_are_sent_to_the_login(self):
        self.logout()
        for path in ("/my/leases", f"/my/leases/{self.running.id}"):
            self.assertIn("/web/login", self.get(path).url, path)

    def test_a_month_does_not_fill_the_disk_with_till_reports(self):
        with patch("odoo.addons.property_leasing.controllers.lease_steps.MOST_REPORTS", 1):
            self.assertEqual(self.declare_july().status_code, 303)
            again = self.declare_july(amount="5")
        self.assertEqual(again.status_code, 422)
        self.assertEqual((self.july.amount, len(self.july.attachment_ids)), (128000.5, 1))

    def test_after_an_assignment_each_tenant_sees_his_own_time(self):
        self.amend(self.running, kind="tenant", date="2026-12-01", partner_id=self.cafe.id)
        self.env.invalidate_all()
        old = self.get(f"/my/leases/{self.running.id}").text
        self.assertIn("11/30/2026", old)
        self.assertNotIn("06/30/2027", old)
        self.assertNotIn("Give notice", old)
        for agreed_today in ("8 %", "Sun Bread"):
            self.assertNotIn(agreed_today, old)
        self.assertEqual(
            self.post(f"/my/leases/{self.running.id}/notice", kind="leave").status_code, 422
        )
        self.assertIn("o_property_declare", old)
        self.authenticate("portal.cafe", "portal.cafe")
        new = self.get(f"/my/leases/{self.running.id}").text
        self.assertNotIn("07/01/2026", new)
        self.assertIn("12/01/2026", new)
        self.assertIn("Give notice", new)
        path = f"/my/leases/{self.running.id}/turnover/{self.july.id}"
        self.assertEqual(self.post(path, amount="5").status_code, 404)
