"""Large runs in the background: a batch a transaction, safe to kill at any moment."""

from functools import partial

from odoo import api, models
from odoo.exceptions import UserError

from .billing_lane import Lanes
from .billing_lane_together import connections
from .property_charge_post import FIRST_CHUNK, LANE_CHUNK

QUEUE_ABOVE = 300
# No bill is larger; entries of a thousand times as much do not balance to the fen any more.
MOST = 1e12
# A bill that was paid takes half a second to take back: its credit note is copied and reconciled.
UNDO_AT_ONCE = 40
UNDO_BATCH = 50
UNITS_AT_ONCE = 10000
BUSY = ("computing", "posting", "undoing")


class PropertyBillingRun(models.Model):
    _inherit = "property.billing.run"

    def action_queue_compute(self):
        """Compute now, or in the background when the scope is large."""
        self.ensure_one()
        expected = self._expected_charges()
        return self._run_or_queue("computing", expected, QUEUE_ABOVE, self.action_compute)

    def action_queue_post(self):
        """Post now, or in the background above a few hundred charges."""
        self.ensure_one()
        self._expect_amounts()
        return self._run_or_queue("posting", self._draft_count(), QUEUE_ABOVE, self.action_post)

    def _expect_amounts(self):
        """Refuse to post what a slip in one price or quantity made.

        :raise UserError: naming the charge
        """
        charge = self.env["property.charge"].search(
            [("run_id", "in", self.ids), ("state", "=", "draft"), ("amount", ">=", MOST)], limit=1
        )
        if charge:
            raise UserError(
                self.env._(
                    "%(unit)s, %(item)s: %(amount)s is more than any bill. Correct its price or "
                    "quantity, then compute again.",
                    unit=charge.unit_id.display_name,
                    item=charge.item_id.name,
                    amount=charge.currency_id.format(charge.amount),
                )
            )

    def action_queue_undo(self):
        """Undo now, or in the background when there are many bills."""
        self.ensure_one()
        return self._run_or_queue("undoing", self.posted_count, UNDO_AT_ONCE, self.action_undo)

    def _run_or_queue(self, state, count, at_once, act):
        if count <= at_once:
            return act()
        self.check_access("write")
        allowed = {
            "computing": ("draft", "computed"),
            "posting": ("computed",),
            "undoing": ("posted", "posting"),
        }[state]
        for run in self._lock():
            run._expect(allowed)
            run.sudo().write({"state": state, "error_message": False})
        return self._go_background("property_billing.ir_cron_billing_runs")

    @api.model
    def _cron_process_runs(self):
        """Go on with queued runs, a batch a transaction; safe to kill at any moment."""
        runs = self.search([("state", "in", BUSY)], order="write_date, id")
        runs._work_off(BUSY, sum(run._remaining() for run in runs))

    def _new_step(self):
        """Return the step of the scheduled action; its lanes remember what they have proved."""
        return partial(self._process_batch, Lanes(connections(self.env)))

    def _process_batch(self, lanes=None):
        """Do one batch of a queued run.

        :param Lanes lanes: what earlier batches proved about the fast lane
        :return: number of charges done
        """
        self.ensure_one()
        lanes = lanes or Lanes()
        from_state = {"posting": "draft", "undoing": "posted"}
        if self.state == "computing":
            self._compute()
            return 1
        charges = self.env["property.charge"].search(
            [("run_id", "=", self.id), ("state", "=", from_state[self.state])],
            limit=lanes.count(LANE_CHUNK, FIRST_CHUNK) if self.state == "posting" else UNDO_BATCH,
            order="id",
        )
        if not charges:
            if self.state == "posting":
                self._count_helped()
                self._finish_posting()
            else:
                self._finish_undoing()
            return 0
        if self.state == "posting":
            before = self.fast_count + self.orm_count
            charges.with_context(billing_lanes=lanes)._post()
            return self.fast_count + self.orm_count - before
        charges._undo_and_keep(self.display_name)
        return len(charges)

    def _site_batches(self):
        """Part the sites into batches of some thousand units: what memory has to hold at once."""
        counts = self.env["property.unit"]._read_group(
            [("site_id", "in", self.site_ids.ids)], ["site_id"], ["__count"]
        )
        counts = {site.id: count for site, count in counts}
        batches, size = [], 0
        for site in self.site_ids:
            count = counts.get(site.id, 0)
            if not batches or size + count > UNITS_AT_ONCE:
                batches.append(site)
                size = count
            else:
                batches[-1] |= site
                size += count
        return batches

    def _remaining(self):
        self.ensure_one()
        if self.state == "computing":
            return 1
        state = "draft" if self.state == "posting" else "posted"
        return self.env["property.charge"].search_count(
            [("run_id", "=", self.id), ("state", "=", state)]
        )

    def _stop(self, message):
        """Put a queued run that met an error back, and say why on it."""
        self.ensure_one()
        back = {"computing": "draft", "posting": "computed", "undoing": "posted"}[self.state]
        self.sudo().write({"state": back, "error_message": message})

    def _expected_charges(self):
        """Estimate the charges of the run by the standing fees of its scope."""
        return self.env["property.fee"].search_count(
            [
                ("site_id", "in", self.site_ids.ids),
                ("item_id", "in", self._billed_items().ids),
            ]
        )
