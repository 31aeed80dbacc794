"""Undoing bills and billing their days again: some homes at a time, many in the background."""

from collections import defaultdict
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.rounding import FEN, to_decimal
from . import billing_charge_set
from .property_billing_run_queue import UNDO_AT_ONCE, UNDO_BATCH

CRON = "property_billing.ir_cron_rerates"
AT_ONCE = UNDO_AT_ONCE  # charges of a request; more go on in the background
CHARGES_A_STEP = UNDO_BATCH


class PropertyRerate(models.Model):
    _inherit = "property.rerate"

    work = fields.Selection(
        [("billing", "Being billed again"), ("restoring", "Being taken back")],
        string="Going On",
        readonly=True,
        copy=False,
        index="btree_not_null",
        tracking=True,
    )
    pending_unit_ids = fields.Many2many(
        "property.unit",
        "property_rerate_pending_unit_rel",
        string="Units to Do",
        readonly=True,
        copy=False,
    )
    error_message = fields.Char(string="What Stopped It", readonly=True, copy=False)
    work_text = fields.Char(string="Progress", compute="_compute_work_text")

    @api.depends("pending_unit_ids", "old_charge_ids", "work")
    def _compute_work_text(self):
        for rerate in self:
            count = len(rerate.old_charge_ids.unit_id)
            rerate.work_text = rerate.work and self.env._(
                "%(done)s of %(count)s units done",
                done=count - len(rerate.pending_unit_ids),
                count=count,
            )

    @api.model
    def _method_fields(self):
        """Override: how far it has come."""
        return super()._method_fields() | {"work", "pending_unit_ids", "error_message"}

    # Steps ------------------------------------------------------------------------------------

    def action_approve(self):
        """Override: tell when the billing goes on in the background."""
        super().action_approve()
        return self._done_or_going_on()

    def action_go_on(self):
        """Go on with what an error stopped.

        :raise UserError: when nothing is stopped
        """
        self._check_checker()
        for rerate in self._approval_lock():
            if not rerate.work or not rerate.error_message:
                raise UserError(self.env._("Nothing is stopped here."))
            # sudo: the progress is written by the steps only
            rerate.sudo().write({"error_message": False})
        return self._done_or_going_on()

    def _done_or_going_on(self):
        return self._go_background(CRON) if self.filtered("work") else True

    @api.model
    def _cron_go_on(self):
        """Go on with large requests, some homes a transaction; safe to kill at any moment."""
        going_on = self.search([("work", "!=", False), ("error_message", "=", False)], order="id")
        going_on._work_off(
            ("billing", "restoring"),
            sum(len(rerate.pending_unit_ids) for rerate in going_on),
            "work",
        )

    def _new_step(self):
        """Return the step of the scheduled action; it remembers what remains."""
        return partial(self._step, self._batches())

    def _stop(self, message):
        """Keep why it does not go on; it goes on, or is taken back, when somebody says so."""
        self.sudo().write({"error_message": message})

    # Doing and undoing ------------------------------------------------------------------------

    def _start_billing(self, charges):
        """Undo charges and bill their days anew.

        :param charges: posted property.charge of this site
        """
        self.ensure_one()
        charges |= charges._percentages()
        # sudo: an approved request is closed to editing; this is what it does
        self.sudo().write({"old_charge_ids": [(6, 0, charges.ids)]})
        self._start("billing", charges)

    def _start_restoring(self):
        """Undo the new charges and post the old ones again as they were.

        :raise UserError: when it is going on, or when days to restore were billed since
        """
        self.ensure_one()
        if self.work and not (self.work == "billing" and self.error_message):
            raise UserError(self.env._("This is being worked on. Look again in a moment."))
        old = self.old_charge_ids.filtered(lambda charge: charge.state != "posted")
        undone = self.run_ids.charge_ids.filtered(lambda charge: charge.state == "posted")
        self._check_days_free(old, undone)
        # sudo: likewise; of what was stopped, only what was done is taken back
        self.sudo().write({"old_charge_ids": [(6, 0, old.ids)]})
        self._start("restoring", old)

    def _start(self, work, charges):
        """Begin with the homes of charges: all at once, unless they are many.

        Whoever asked wakes the scheduled action for these, see ``_done_or_going_on``.
        """
        self.sudo().write(
            {
                "work": work,
                "pending_unit_ids": [(6, 0, charges.unit_id.ids)],
                "error_message": False,
            }
        )
        for period in {self._period(charge) for charge in charges}:
            self._open_run(period)
        if len(charges) > AT_ONCE:
            return
        step = self._new_step()
        while step():
            pass

    def _step(self, batches=None):
        """Do the next homes; the last step closes the work.

        :param batches: iterator as from ``_batches``, of which earlier steps took theirs
        :return: number of units done
        """
        self.ensure_one()
        units, old = next(batches or self._batches(), (None, None))
        if not units:
            self._finish()
            return 0
        if self.work == "billing":
            self._rebill(old)
        else:
            self._restore(old, units)
        self._tick_off(units)
        return len(units)

    def _tick_off(self, units):
        """Take homes off those to do, without reading how many there are."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM property_rerate_pending_unit_rel"
                " WHERE property_rerate_id = %s AND property_unit_id = ANY(%s)",
                self.id,
                units.ids,
            )
        )
        self.invalidate_recordset(["pending_unit_ids", "work_text"])

    def _batches(self):
        """Yield homes to do and their old charges, not many more charges than a step takes."""
        charges = self.env["property.charge"]
        by_unit = dict(
            charges._read_group(
                [
                    ("id", "in", self.old_charge_ids.ids),
                    ("unit_id", "in", self.pending_unit_ids.ids),
                ],
                ["unit_id"],
                ["id:array_agg"],
            )
        )
        units, ids = self.pending_unit_ids.browse(), []
        for unit in self.pending_unit_ids:
            more = by_unit.get(unit, [])
            if units and len(ids) + len(more) > CHARGES_A_STEP:
                yield units, charges.browse(ids)
                units, ids = units.browse(), []
            units, ids = units | unit, ids + more
        if units:
            yield units, charges.browse(ids)

    def _finish(self):
        runs_sudo = self.run_ids.sudo()
        empty_sudo = runs_sudo.filtered(lambda run: not run.charge_ids)
        for run_sudo in (runs_sudo - empty_sudo).filtered(
            lambda run: run.charge_ids.filtered(lambda charge: charge.state == "posted")
        ):
            run_sudo._finish_posting()
        empty_sudo.unlink()
        made = self.run_ids.charge_ids
        after = made.filtered(lambda charge: charge.state == "posted")
        is_undone = self.work == "restoring"
        self.sudo().write({"work": False, "is_undone": is_undone})
        self._log_result(made - after if is_undone else self.old_charge_ids, after)

    def _rebill(self, charges):
        """Undo charges of some homes and bill their days anew."""
        standing = charges.filtered(lambda charge: charge.state == "posted")
        posted = standing._without_credits()
        self._leave_alone(standing - posted)
        again = posted | posted._percentages()
        # what somebody else undid or credited meanwhile is no matter of this batch any more
        if charges != again:
            self.sudo().write(
                {
                    "old_charge_ids": [(3, charge.id) for charge in charges - posted]
                    + [(4, charge.id) for charge in again - charges]
                }
            )
        self._lock_charges(again)
        changes, problems = self._compare(again)
        self._expect_billable(problems)
        self._check_as_approved(changes)
        by_period = defaultdict(list)
        for change in changes:
            by_period[change["period"]] += change["values"]
        self._replace(again, by_period)

    def _restore(self, old, units):
        """Undo the new charges of some homes and post the old ones again as they were."""
        undone = self.env["property.charge"].search(
            [
                ("run_id", "in", self.run_ids.ids),
                ("unit_id", "in", units.ids),
                ("state", "=", "posted"),
            ]
        )
        self._lock_charges(undone)
        by_period = defaultdict(list)
        for charge in old:
            by_period[self._period(charge)].append(charge._prepare_restored_vals())
        self._replace(undone, by_period)

    def _replace(self, charges, by_period):
        """Undo charges, post others, and settle these with what had paid those."""
        charges.sudo()._lock_bills()
        paid = charges._paid_by_fee()
        charges._undo()
        self._settle_again(self._post_again(by_period), paid)

    def _lock_charges(self, charges):
        # sudo: charges belong to the billing; only the lock is taken here
        if len(charges.sudo().try_lock_for_update()) < len(charges):
            raise UserError(
                self.env._("Some of these bills are being worked on. Try again in a moment.")
            )

    def _check_as_approved(self, changes):
        """Raise when a bill would not become what was approved.

        :raise UserError: naming the first one
        """
        lines = self.env["property.rerate.line"]
        mine = Domain("rerate_id", "=", self.id) & Domain("left_reason", "=", False)
        if not lines.search_count(mine, limit=1):
            return
        units = [change["fee"].unit_id.id for change in changes]
        approved = {
            (line.unit_id, line.item_id, line.date_from, line.date_to): line.amount_new
            for line in lines.search(mine & Domain("unit_id", "in", units))
        }
        for change in changes:
            fee = change["fee"]
            key = fee.unit_id, fee.item_id, change["first"], change["last"]
            expected = to_decimal(approved.get(key, change["old"])).quantize(FEN)
            if change["new"] != expected:
                raise UserError(
                    self.env._(
                        "%(item)s of %(unit)s would be %(now)s by now, and %(before)s was "
                        "approved. Put the facts back and go on, or take this back and ask again.",
                        item=fee.item_id.name,
                        unit=fee.unit_id.code,
                        now=change["new"],
                        before=expected,
                    )
                )

    # Runs -------------------------------------------------------------------------------------

    @api.model
    def _period(self, charge):
        """Return the days of the run that a charge was billed in; its own where it has none."""
        return charge.run_id.date_from or charge.date_from, charge.run_id.date_to or charge.date_to

    def _open_run(self, period):
        """Make the run of a period that takes what is posted from now on."""
        self = self.with_context(lang=self.company_id._billing_lang())
        run = self.env["property.billing.run"].create(
            {
                "name": self.env._("%(what)s (again)", what=self.name),
                "site_ids": [(6, 0, self.site_id.ids)],
                "item_ids": [(6, 0, self.old_charge_ids.item_id.ids)],
                "date_from": period[0],
                "date_to": period[1],
            }
        )
        # nobody is given less time than before
        before = self.old_charge_ids.run_id.filtered(
            lambda run: (run.date_from, run.date_to) == period and run.invoice_date_due
        )
        run.invoice_date_due = max((before + run).mapped("invoice_date_due"))
        # nobody may compute it: it has only what is billed again
        run.sudo().write({"state": "posted"})
        self.sudo().write({"run_ids": [(4, run.id)]})
        return run

    def _post_again(self, by_period):
        """Create charges in the newest run of their period and post them.

        :param by_period: dict (first day, last day) -> list of values of charges
        :return: the posted charges
        """
        posted = self.env["property.charge"]
        for period, values in by_period.items():
            if not values:
                continue
            # one that somebody is taking back, or took back, takes nothing more
            run = self.run_ids.filtered(
                lambda one, p=period: (one.date_from, one.date_to, one.state) == (*p, "posted")
            )
            run = run.sorted("id")[-1:] or self._open_run(period)
            # sudo: nobody may make charges but by billing; the request was approved
            charges_sudo = self.env["property.charge"].sudo().with_context(tracking_disable=True)
            billing_charge_set.create(charges_sudo, [{**vals, "run_id": run.id} for vals in values])
            run.invalidate_recordset(["charge_ids"])
            drafts = posted.search([("run_id", "=", run.id), ("state", "=", "draft")], order="id")
            # what had paid the old bills goes before what was left in advance
            drafts.with_context(property_no_prepayments=True)._post()
            posted |= drafts
        return posted

    def _check_days_free(self, old, undone):
        """Raise when days to restore were billed by something else since.

        :raise UserError: naming what stands there now
        """
        live = self.env["property.charge"].search(
            [
                ("fee_id", "in", old.fee_id.ids),
                ("state", "in", ("draft", "posted")),
                ("id", "not in", undone.ids),
            ]
        )
        spans = old.grouped("fee_id")
        for charge in live:
            if any(
                one.date_from <= charge.date_to and one.date_to >= charge.date_from
                for one in spans[charge.fee_id]
            ):
                raise UserError(
                    self.env._(
                        "%(charge)s was billed since for the same days. Undo that first, then "
                        "take this back.",
                        charge=charge.display_name,
                    )
                )

    def _log_result(self, before, after):
        self.env["property.audit"]._log(
            "money",
            self,
            before={"charges": len(before), "amount": round(sum(before.mapped("amount")), 2)},
            after={"charges": len(after), "amount": round(sum(after.mapped("amount")), 2)},
            reason=self.reason,
        )
