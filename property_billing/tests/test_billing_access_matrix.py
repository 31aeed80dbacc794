from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin
from odoo.addons.property_base.tests.common import ROLES

from .common import BillingStaffCommon


def rights(default="", **roles):
    """Return dict role -> operations: r(ead), w(rite), c(reate), u(nlink) on the own site."""
    return {**dict.fromkeys(ROLES, default), "director": "rwcu", **roles}


MATRIX = {
    "property.charge.item": rights("r", finance="rwc", manager="rwc"),
    "property.tariff": rights(
        service="r", leasing="r", cashier="r", finance="rwcu", manager="rwcu"
    ),
    "property.tariff.tier": rights(
        service="r", leasing="r", cashier="r", finance="rwcu", manager="rwcu"
    ),
    "property.fee": rights(service="r", leasing="r", cashier="r", finance="rwcu", manager="rwcu"),
    "property.meter": rights("r", service="rwc", engineer="rwc", finance="rwc", manager="rwcu"),
    "property.meter.reading": rights(
        "r", service="rwc", engineer="rwc", finance="rwcu", manager="rwcu"
    ),
    "property.allocation": rights(service="r", cashier="r", finance="rwcu", manager="rwcu"),
    "property.allocation.exception": rights(
        service="r", cashier="r", finance="rwcu", manager="rwcu"
    ),
    "property.unit.state": rights(service="r", cashier="r", finance="r", manager="rwcu"),
    "property.zone": rights(service="r", cashier="r", finance="rwcu", manager="rwcu"),
    "property.meter.replacement": rights(
        "r", service="rwc", engineer="rwc", finance="rwc", manager="rwcu"
    ),
    "property.meter.loss": rights(
        service="r", engineer="r", cashier="r", finance="r", manager="r", director="r"
    ),
    "property.meter.estimate": rights(finance="rwcu", manager="rwcu"),
    "property.charge": rights(
        service="r", leasing="r", cashier="r", finance="r", manager="r", director="r"
    ),
    "property.charge.line": rights(
        service="r", leasing="r", cashier="r", finance="r", manager="r", director="r"
    ),
    "property.billing.run": rights(cashier="r", finance="rwcu", manager="rwcu"),
    "property.billing.problem": rights(cashier="r", finance="rwcu", manager="rwcu"),
    "property.dunning.level": rights(service="r", cashier="r", finance="rwcu", manager="rwcu"),
    "property.dunning.run": rights(service="rwc", cashier="rwc", finance="rwcu", manager="rwcu"),
    "property.dunning.notice": rights(
        service="r", cashier="r", finance="r", manager="r", director="r"
    ),
    "property.dunning.delivery": rights(
        service="rc", cashier="rc", finance="rc", manager="rc", director="rc"
    ),
    "property.promise": rights(service="rwc", cashier="rwc", finance="rwcu", manager="rwcu"),
    "property.sms.gateway": rights(manager="r"),
    "property.prepayment": rights(service="r", cashier="r", finance="r", manager="r", director="r"),
    "property.prepayment.receive": rights(cashier="rwcu", finance="rwcu"),
    "property.deposit": rights(service="r", cashier="r", finance="r", manager="r", director="r"),
    "property.deposit.type": rights(service="r", cashier="r", finance="rwc", manager="rwc"),
    "property.deposit.receive": rights(cashier="rwcu", finance="rwcu"),
    "property.refund": rights(service="r", cashier="rwc", finance="rwc", manager="rwc"),
    "property.adjustment": rights(service="r", cashier="rwc", finance="rwc", manager="rwc"),
    "property.settlement": rights(
        service="r", cashier="rw", finance="rw", manager="rw", director="rw"
    ),
    "property.transfer.reading": rights(service="rwcu", leasing="rwcu", manager="rwcu"),
    "property.receipt": rights(service="r", cashier="r", finance="r", manager="r", director="r"),
    "property.late.fee.policy": rights("r", finance="rwc", manager="rwc"),
    "property.late.fee.rate": rights("r", finance="rwcu", manager="rwcu"),
    "property.late.fee.relief": rights(
        service="r", cashier="r", finance="r", manager="r", director="r"
    ),
    "property.late.fee.run": rights(cashier="r", finance="rwcu", manager="rwcu"),
    "property.late.fee.waiver": rights(cashier="rwcu", finance="rwcu", manager="rwcu"),
    "property.write.off": rights(cashier="r", finance="rwcu", manager="rwcu"),
    "property.campaign": rights(service="r", cashier="r", finance="rwcu", manager="rwcu"),
    "property.report.collection": rights(cashier="r", finance="r", manager="r", director="r"),
    "property.report.ageing": rights(cashier="r", finance="r", manager="r", director="r"),
    "property.report.arrears": rights(cashier="r", finance="r", manager="r", director="r"),
    "property.report.cashier": rights(cashier="r", finance="r", manager="r", director="r"),
    "property.report.income": rights(finance="r", manager="r", director="r"),
    "property.report.wizard": rights(cashier="rwcu", finance="rwcu", manager="rwcu"),
    "property.receipt.line": rights(
        service="r", cashier="r", finance="r", manager="r", director="r"
    ),
    "property.receipt.book": rights(cashier="r", finance="rwcu", manager="rwcu"),
    "property.receipt.book.move": rights(cashier="r", finance="r", manager="r", director="r"),
    "property.receipt.stock": rights(cashier="r", finance="r", manager="r", director="r"),
    "property.receipt.writeoff": rights(cashier="rwc", finance="rwcu", manager="rwcu"),
    "property.receipt.book.wizard": rights(cashier="rwcu", finance="rwcu", manager="rwcu"),
    "property.receipt.void.wizard": rights(cashier="rwcu", finance="rwcu", manager="rwcu"),
    "property.receipt.stock.wizard": rights(cashier="rwcu", finance="rwcu", manager="rwcu"),
    "property.fee.share": rights(
        service="r", leasing="r", cashier="r", finance="rwcu", manager="rwcu"
    ),
    "property.fee.batch": rights(cashier="r", finance="rwcu", manager="rwcu"),
    "property.fee.batch.line": rights(cashier="r", finance="rwcu", manager="rwcu"),
    "property.relief": rights(service="rwc", cashier="r", finance="rwcu", manager="rwcu"),
    "property.rerate": rights(cashier="r", finance="rwcu", manager="rwcu"),
    "property.rerate.line": rights(cashier="r", finance="r", manager="r", director="r"),
    "property.price.change": rights(cashier="r", finance="rwcu", manager="rwcu"),
    "property.price.change.line": rights(cashier="r", finance="rwcu", manager="rwcu"),
    "property.collection": rights(cashier="r", finance="r", manager="r", director="r"),
    "property.collection.line": rights(cashier="r", finance="r", manager="r", director="r"),
    "property.collection.tender": rights(cashier="r", finance="r", manager="r", director="r"),
    "property.cashier.shift": rights(cashier="r", finance="r", manager="r", director="r"),
    "property.scan.payment": rights(cashier="r", finance="r", manager="r", director="r"),
    "property.scan.payment.line": rights(cashier="r", finance="r", manager="r", director="r"),
    "property.decision.undo": rights(cashier="rwcu", finance="rwcu", manager="rwcu"),
    "property.cashier.shift.line": rights(cashier="r", finance="r", manager="r", director="r"),
    "property.cashier.deposit": rights(cashier="rwcu", finance="rwcu", manager="rwcu"),
    "property.month.close": rights(finance="rwcu", manager="r"),
    "property.month.close.check": rights(finance="r", manager="r", director="r"),
    "property.tender.method": rights(cashier="r", finance="rwc", manager="rwc"),
    "property.bank.mandate": rights(service="r", cashier="r", finance="rwcu", manager="r"),
    "property.bank.collection": rights(cashier="r", finance="rwcu", manager="r"),
    "property.bank.collection.line": rights(cashier="r", finance="r", manager="r", director="r"),
    "property.bank.collection.bill": rights(cashier="r", finance="r", manager="r", director="r"),
    "property.bank.collection.file": rights(finance="r", director="r"),
    "property.bank.import": rights(finance="rwcu"),
    "property.statement.wizard": rights(cashier="rwcu", finance="rwcu", manager="rwcu"),
    "account.move": rights(cashier="rwcu", finance="rwcu", manager="r"),
    "account.move.line": rights(cashier="rwcu", finance="rwcu", manager="r"),
    "account.payment": rights(cashier="rwcu", finance="rwcu", manager="r"),
}


@tagged("post_install", "-at_install")
class TestBillingAccessMatrix(AccessMatrixMixin, BillingStaffCommon):
    MATRIX = MATRIX

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.far_water = cls.new_item(
            "FSF",
            "metered",
            0.0,
            3,
            category="water",
            meter_kind="cold_water",
            site_id=cls.other_site.id,
            tiers=[(0, 0, 3.45)],
        )
        cls.far_shared = cls.new_item(
            "FGT", "allocated", 0.0, 13, category="allocation", site_id=cls.other_site.id
        )
        cls.far_meter = cls.env["property.meter"].create(
            {
                "code": "F1",
                "unit_id": cls.other_unit.id,
                "kind": "cold_water",
                "digits": 5,
                "initial_reading": 0,
                "install_date": date(2026, 6, 30),
            }
        )
        cls.read_meter(cls.far_meter, date(2026, 9, 30), 10)
        own = cls.world(cls.site, cls.unit, cls.water, cls.shared, cls.meter)
        far = cls.world(
            cls.other_site, cls.other_unit, cls.far_water, cls.far_shared, cls.far_meter
        )
        cls.records = {model: (own[model], far[model]) for model in own}

    @classmethod
    def world(cls, site, unit, item, shared, meter):
        """Bill the water of one unit and return one record of every model of that site."""
        run = cls.new_run(items=item, site_ids=[Command.set(site.ids)])
        run.action_compute()
        run.action_post()
        charge = run.charge_ids
        payment = cls.pay(cls, charge.move_id)
        problem = cls.env["property.billing.problem"].create(
            {
                "run_id": run.id,
                "site_id": site.id,
                "unit_id": unit.id,
                "kind": "no_area",
                "message": "Enter the area.",
            }
        )
        allocation = cls.env["property.allocation"].create(
            {
                "site_id": site.id,
                "item_id": shared.id,
                "date_from": date(2026, 9, 1),
                "date_to": date(2026, 9, 30),
                "amount": 100.0,
            }
        )
        return {
            "property.charge.item": item,
            "property.tariff": item.tariff_ids,
            "property.tariff.tier": item.tariff_ids.tier_ids[:1],
            "property.fee": charge.fee_id,
            "property.meter": meter,
            "property.meter.reading": meter.reading_ids[:1],
            "property.allocation": allocation,
            "property.charge": charge,
            "property.charge.line": charge.line_ids[:1],
            "property.billing.run": run,
            "property.billing.problem": problem,
            "account.move": charge.move_id,
            "account.move.line": charge.move_id.line_ids[:1],
            "account.payment": payment,
        }

    def test_nobody_creates_billing_records_on_a_foreign_site(self):
        values = {
            "property.charge.item": {
                "code": "X",
                "name": "X",
                "method": "fixed",
                "site_id": self.other_site.id,
            },
            "property.tariff": {
                "item_id": self.far_shared.id,
                "date_from": "2019-01-01",
                "date_to": "2019-12-31",
            },
            "property.fee": {
                "unit_id": self.other_unit.id,
                "item_id": self.far_shared.id,
                "date_from": "2026-01-01",
            },
            "property.meter": {"code": "X", "unit_id": self.other_unit.id, "kind": "gas"},
            "property.meter.reading": {
                "meter_id": self.far_meter.id,
                "date": "2026-10-31",
                "value": 11,
            },
            "property.allocation": {
                "site_id": self.other_site.id,
                "item_id": self.far_shared.id,
                "date_from": "2026-10-01",
                "date_to": "2026-10-31",
                "amount": 1.0,
            },
            "property.billing.run": {
                "site_ids": [Command.set(self.other_site.ids)],
                "date_from": "2026-10-01",
                "date_to": "2026-10-31",
            },
            "account.move": {
                "move_type": "out_invoice",
                "partner_id": self.other_owner.id,
                "unit_id": self.other_unit.id,
            },
        }
        for model, vals in values.items():
            for role in ("service", "engineer", "cashier", "finance", "manager"):
                with self.subTest(f"{role} {model}"), self.assertRaises(AccessError):
                    self.env[model].with_user(self.users[role]).create(vals)

    def test_nobody_moves_an_own_record_to_a_foreign_site(self):
        moves = {
            "property.charge.item": {"site_id": self.other_site.id},
            "property.fee": {"unit_id": self.other_unit.id},
            "property.meter": {"unit_id": self.other_unit.id},
            "property.allocation": {"site_id": self.other_site.id},
            "account.payment": {"site_id": self.other_site.id},
            "account.move": {"site_id": self.other_site.id},
        }
        for model, vals in moves.items():
            own = self.records[model][0].with_user(self.users["finance"])
            with self.subTest(model), self.assertRaises(UserError):
                own.write(vals)

    def test_a_draft_invoice_is_not_moved_to_a_foreign_site(self):
        draft = self.env["account.move"].with_user(self.users["cashier"])
        draft = draft.create(
            {
                "move_type": "out_invoice",
                "partner_id": self.owner.id,
                "unit_id": self.unit.id,
            }
        )
        self.assertEqual(draft.site_id, self.site)
        with self.assertRaises(AccessError):
            draft.write({"unit_id": self.other_unit.id})

    def test_what_a_posted_bill_is_for_cannot_be_edited(self):
        bill = self.records["account.move"][0].with_user(self.users["director"])
        for vals in ({"unit_id": self.unit_2.id}, {"period_to": "2026-10-31"}):
            with self.assertRaises(UserError):
                bill.write(vals)

    def test_a_portal_user_reaches_no_billing_record_but_own_bills(self):
        for model, (own, foreign) in self.records.items():
            if model.startswith("property."):
                self.assert_operations(own, self.portal_user, "", "portal own")
            self.assert_operations(foreign, self.portal_user, "", "portal foreign")

    def test_every_billing_model_is_in_the_table(self):
        models = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "property_billing"
            and not model._abstract
            and name.startswith("property.")
        }
        self.assertEqual(models, {name for name in MATRIX if name.startswith("property.")})
