"""States and results follow from the steps of a record: no door lets anybody send them."""

from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import DatabaseError

from .bank_common import BankMixin
from .common import BillingStaffCommon

#: Whoever writes down a visit says how it went; the log is never changed afterwards.
ENTERED = {("property.dunning.delivery", "result")}
SENT = {
    "integer": 7,
    "float": 7.0,
    "monetary": 7.0,
    "boolean": True,
    "char": "7",
    "text": "7",
    "json": {"7": 7},
    "date": "2026-01-07",
    "datetime": "2026-01-07 07:07:07",
    "many2one": 7,
    "many2many": [(4, 7)],
    "one2many": [(4, 7)],
}


@tagged("post_install", "-at_install")
class TestMethodFields(BankMixin, BillingStaffCommon):
    HOUSEHOLDS = 2

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_bank()

    def value(self, model, name):
        """Return a value that a caller may claim a field to have."""
        field = model._fields[name]
        if field.type == "selection":
            return field.get_values(self.env)[-1]
        return SENT[field.type]

    def models(self):
        """Return the stored models of this addon that have such fields."""
        return [
            model
            for name in sorted(self.env.registry)
            if (model := self.env[name])._original_module == "property_billing"
            and model._auto
            and not model._transient
            and not model._abstract
            and hasattr(model, "_method_fields")
        ]

    def test_every_state_and_result_is_left_to_the_methods(self):
        found = []
        for model in self.models():
            for name in ("state", "result", "approval_state"):
                field = model._fields.get(name)
                if field and field.store and field.readonly and not field.compute:
                    is_known = name in model._method_fields() or (model._name, name) in ENTERED
                    found.append((model._name, name, is_known))
        self.assertGreater(len(found), 25)
        self.assertEqual([row for row in found if not row[2]], [])

    def is_refused(self, work, vals):
        """Tell whether values are refused for what they are, before anything else is looked at."""
        try:
            with self.env.cr.savepoint(flush=False), mute_logger("odoo.sql_db"):
                work(vals)
        except UserError:
            return True
        except DatabaseError:
            return False
        return False

    def test_no_role_sends_them_in_a_new_record_or_a_change(self):
        doors, checked = [], 0
        for model in self.models():
            names = {
                name
                for name in model._method_fields()
                if (field := model._fields[name]).store and field.readonly and not field.compute
            }
            names -= {name for known, name in ENTERED if known == model._name}
            for role, user in self.users.items():
                records = model.with_user(user)
                if not (records.has_access("write") or records.has_access("create")):
                    continue
                for name in sorted(names):
                    vals = {name: self.value(model, name)}
                    for work in (records.create, records.write):
                        checked += 1
                        if not self.is_refused(work, vals):
                            doors.append((role, model._name, name, work.__name__))
        self.assertEqual(doors, [])
        self.assertGreater(checked, 300)

    def makings(self):
        """Return what finance needs to make a record of each model with steps."""
        late = self.env["property.charge.item"].create(
            {
                "code": "ONCE",
                "name": "Once",
                "method": "one_off",
                "site_id": self.site.id,
                "company_id": self.company.id,
            }
        )
        account = self.env["res.partner.bank"].create(
            {"acc_number": "6222 0000 0001", "partner_id": self.payers[0].id}
        )
        level = self.env["property.dunning.level"].create(
            {"name": "First", "title": "Reminder", "site_id": self.site.id, "body": "Please pay."}
        )
        site = {"site_id": self.site.id}
        return {
            "property.bank.collection": {**site, "journal_id": self.bank.id},
            "property.bank.mandate": {
                **site,
                "name": "XY 1",
                "partner_id": self.payers[0].id,
                "bank_account_id": account.id,
            },
            "property.billing.run": {
                "site_ids": self.site.ids,
                "date_from": "2027-01-01",
                "date_to": "2027-01-31",
            },
            "property.late.fee.run": {"site_ids": self.site.ids},
            "property.dunning.run": {**site, "level_id": level.id},
            "property.fee.batch": {**site, "name": "Keys", "item_id": late.id},
            "property.meter.replacement": {
                "meter_id": self.meter.id,
                "new_code": "NEW 1",
                "final_value": 99.0,
            },
            "property.month.close": {"month": "2026-03-01"},
            "property.receipt.book": {**site, "prefix": "MF", "number_from": 1, "number_to": 9},
        }

    def test_a_default_in_the_context_sets_none_of_them(self):
        for name, vals in self.makings().items():
            records = self.env[name].with_user(self.users["director"])
            names = [
                one
                for one in sorted(records._method_fields())
                if records._fields[one].store
                and not records._fields[one].compute
                and records._fields[one].type != "many2one"
                and records._fields[one].readonly
            ]
            claimed = {f"default_{one}": self.value(records, one) for one in names}
            with self.subTest(name):
                made = records.with_context(**claimed).create(vals)
                for one in names:
                    if one in ("checked_at", "name"):
                        continue  # written by making it
                    self.assertNotEqual(made[one], self.value(records, one), one)

    def test_a_default_of_the_caller_reaches_no_line_that_a_step_makes(self):
        for payer in self.payers:
            self.new_mandate(payer)
        batch = self.env["property.bank.collection"].with_user(self.users["finance"])
        batch = batch.create({"site_id": self.site.id, "journal_id": self.bank.id})
        batch.date_due = date(2026, 12, 31)
        batch.with_context(default_result="success", default_amount_paid=1.0).action_collect()
        self.assertEqual(set(batch.line_ids.mapped("result")), {"pending"})
        self.assertEqual(set(batch.line_ids.mapped("amount_paid")), {0})

    def test_a_preview_is_still_counted_for_who_may_not_write_it(self):
        run = self.env["property.late.fee.run"].with_user(self.users["finance"])
        run = run.create({"site_ids": self.site.ids})
        run.action_preview()
        self.assertEqual(run.preview_count, 0)

    def test_the_number_of_a_batch_stays_the_one_it_got(self):
        batch = self.env["property.bank.collection"].with_user(self.users["finance"])
        batch = batch.create({"site_id": self.site.id, "journal_id": self.bank.id, "name": "MINE"})
        self.assertNotEqual(batch.name, "MINE")
        with self.assertRaises(UserError):
            batch.name = "MINE"
