"""September billed and partly paid on two sites, for the tests of reports."""

import io
from datetime import date

from openpyxl import load_workbook

from .common import BillingStaffCommon

#: Reports, and a sum of each.
MEASURES = {
    "collection": "rate:avg",
    "ageing": "amount_open:sum",
    "arrears": "rate:avg",
    "income": "amount_net:sum",
    "cashier": "amount_net:sum",
}
REPORTS = tuple(MEASURES)


class ReportCommon(BillingStaffCommon):
    """September is billed and partly paid on both sites."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.far_item = cls.new_item("FWY", "area", 2.0, 6, site_id=cls.other_site.id)
        cls.far_item.unit_type_ids = cls.type_residence
        run = cls.new_run(items=cls.management)
        far_run = cls.new_run(items=cls.far_item, site_ids=[(6, 0, cls.other_site.ids)])
        for one in (run, far_run):
            one.action_compute()
            one.action_post()
        cls.bills = run.charge_ids.move_id.sorted("amount_total")
        cls.bill = cls.bills.filtered(lambda bill: bill.unit_id == cls.unit)
        cls.far_bill = far_run.charge_ids.move_id
        cls.payment = cls.pay(cls, cls.bill, 100.0)
        cls.pay(cls, cls.far_bill, 50.0)

    def bill_a_year_ahead(self):
        """Post the parking fees of a year that begins the day after they are billed.

        :return: the run
        """
        run = self.new_run(
            items=self.parking,
            date_from=date(2026, 10, 1),
            date_to=date(2027, 9, 30),
            invoice_date=date(2026, 9, 30),
        )
        run.action_compute()
        run.action_post()
        return run

    def report(self, name, user="finance", **context):
        """Return the model of a report for a role."""
        return (
            self.env[f"property.report.{name}"].with_user(self.users[user]).with_context(**context)
        )

    def wizard(self, user="finance", **vals):
        """Create a wizard for a role, on September."""
        return (
            self.env["property.report.wizard"]
            .with_user(self.users[user])
            .create({"date_from": date(2026, 9, 1), "date_to": date(2026, 9, 30), **vals})
        )

    def cells(self, wizard):
        """Return the rows of the first sheet of a wizard's workbook."""
        _name, content = wizard._workbook()
        book = load_workbook(io.BytesIO(content))
        return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
