from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import LeasingCommon


@tagged("post_install", "-at_install")
class TestLeaseContract(LeasingCommon):
    def new_template(self, body, **vals):
        return self.env["property.lease.template"].create({"name": "Shop", "body": body, **vals})

    def test_a_contract_says_its_amounts_in_capital_characters(self):
        lease = self.new_lease(term_ids=[(0, 0, {"months": 2})])
        lease.template_id = self.new_template(
            "<p>{tenant} · {total} · {total_words} · {deposit_words}</p>{schedule}"
        )
        text = str(lease._contract_html())
        self.assertIn("Cafe Lin · 36,000.00 · 叁万陆仟元整 · 陆仟元整", text)
        self.assertEqual(text.count("2026-08-01"), 2)

    def test_every_place_is_filled_in(self):
        lease = self.new_lease(
            step_ids=[(0, 0, {"value": 5})],
            rent_free_ids=[(0, 0, {"date_from": "2026-07-01", "date_to": "2026-07-31"})],
        )
        labels = self.env["property.lease.template"]._labels()
        body = "".join(f"<p>{{{name}}}</p>" for name in labels)
        text = str(self.new_template(body)._filled(lease))
        self.assertNotIn("{", text)
        self.assertEqual(lease._contract_values().keys(), labels.keys())
        self.assertIn("every 12 months +5 %", text)

    def test_a_signed_contract_stays_as_it_was_signed(self):
        lease = self.new_lease()
        lease.template_id = self.new_template("<p>{tenant} {end}</p>")
        self.sign(lease)
        self.amend(lease, kind="term", date_to="2027-12-31")
        lease.template_id.body = "<p>something else</p>"
        self.assertIn("Cafe Lin 2027-06-30", str(lease._contract_html()))

    def test_names_are_escaped(self):
        self.cafe.name = "<b>Cafe</b>"
        lease = self.new_lease()
        text = str(self.new_template("<p>{tenant}</p>")._filled(lease))
        self.assertIn("&lt;b&gt;Cafe", text)

    def test_an_unknown_place_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "{colour}"):
            self.new_template("<p>{colour}</p>")

    def test_a_lease_without_a_text_says_where_to_write_one(self):
        self.env["property.lease.template"].search([]).active = False
        with self.assertRaises(UserError):
            self.new_lease().action_print()

    def test_the_text_of_the_site_goes_before_that_of_the_company(self):
        self.env["property.lease.template"].search([]).active = False
        self.new_template("<p>all</p>")
        own = self.new_template("<p>own</p>", site_id=self.site.id)
        self.assertEqual(self.new_lease()._contract_template(), own)

    def test_the_contract_prints(self):
        self.new_template("<p>{tenant}</p>")
        lease = self.new_lease()
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "property_leasing.report_lease", lease.ids
        )
        self.assertIn(b"Cafe Lin", html)
