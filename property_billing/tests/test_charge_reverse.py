"""Credit notes that are made together are those that Odoo would copy one by one."""

from datetime import date
from unittest.mock import patch

from odoo.tests import tagged

from .common import BillingCommon

MOVE = (
    *("move_type", "state", "payment_state", "partner_id", "journal_id", "currency_id", "ref"),
    *("date", "invoice_date", "invoice_date_due", "fiscal_position_id", "invoice_payment_term_id"),
    *("unit_id", "site_id", "charge_item_id", "period_from", "period_to", "narration"),
    *("amount_untaxed", "amount_tax", "amount_total", "amount_residual"),
)
LINE = (
    *("display_type", "sequence", "name", "account_id", "partner_id", "product_id", "tax_ids"),
    *("quantity", "price_unit", "discount", "balance", "amount_currency", "amount_residual"),
    *("tax_line_id", "tax_tag_ids", "date_maturity", "reconciled", "date", "unit_id"),
)


class Back(Exception):
    """Leaves a savepoint, and everything in it, behind."""


@tagged("post_install", "-at_install")
class TestChargeReverse(BillingCommon):
    def setUp(self):
        super().setUp()
        on_top = self.new_item("WXZJ", "fixed", 33.33, 13, unit_type_ids=self.type_residence.ids)
        on_top.tariff_ids.price_include = False
        self.site._billing_journal().restrict_mode_hash_table = True
        run = self.new_run(items=self.management | self.parking | self.water | on_top)
        run.action_compute()
        run.action_post()
        self.charges = run.charge_ids
        self.bills = self.charges.move_id
        self.pay(self.bills[0])

    def undone(self):
        """Undo everything and tell what came of it, and how many questions it took."""
        before = self.env.cr.sql_log_count
        self.charges._undo()
        self.env.flush_all()
        questions = self.env.cr.sql_log_count - before
        self.env.invalidate_all()
        told = []
        for bill in self.bills.sorted("id"):
            note = bill.reversal_move_ids
            lines = note.line_ids.sorted(lambda line: (line.display_type, line.balance, line.name))
            told.append(
                (
                    bill.payment_state,
                    bill.amount_residual,
                    note.read(MOVE, load=None)[0] | {"id": bill.id},
                    [row | {"id": 0} for row in lines.read(LINE, load=None)],
                    note.message_ids.mapped("body"),
                )
            )
        return told, questions

    def undone_by_odoo(self):
        """Undo as where somebody else has a say in it, and forget it."""
        told = None
        try:
            with (
                self.env.cr.savepoint(),
                patch.object(type(self.charges), "_others_reverse", lambda *_args: True),
            ):
                told = self.undone()
                raise Back
        except Back:
            self.env.invalidate_all()
        return told

    def test_each_is_the_copy_that_odoo_makes_and_all_of_them_cost_less(self):
        copied, questions_copied = self.undone_by_odoo()
        made, questions = self.undone()
        self.assertGreater(len(made), 4)
        self.assertEqual(made, copied)
        self.assertLess(questions, questions_copied / 2)
        self.assertEqual(set(self.charges.mapped("state")), {"reversed"})

    def test_an_addon_that_has_a_say_in_reversing_is_asked(self):
        moves = self.bills.sudo()
        self.assertFalse(self.charges._others_reverse(moves))

        def reverse(records, default_values_list=None, cancel=False):
            raise Back

        reverse.__module__ = "odoo.addons.somebody.models.account_move"
        with patch.object(type(moves), "_reverse_moves", reverse):
            self.assertTrue(self.charges._others_reverse(moves))
            with self.assertRaises(Back):
                self.charges._undo()

    def test_notes_are_dated_behind_a_locked_period(self):
        self.company.sudo().hard_lock_date = date(2026, 12, 31)
        self.charges._undo()
        self.assertEqual(set(self.bills.reversal_move_ids.mapped("date")), {date(2027, 1, 1)})
