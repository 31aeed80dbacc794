"""What a run says about how its bills were posted."""

from odoo import api, fields, models


class PropertyBillingRun(models.Model):
    _inherit = "property.billing.run"

    fast_count = fields.Integer(
        string="Fast Lane",
        readonly=True,
        copy=False,
        help="Bills posted as a set, after bills of each pattern were compared with Odoo's own.",
    )
    orm_count = fields.Integer(
        string="Ordinary Lane", readonly=True, copy=False, help="Bills posted by Odoo one by one."
    )
    lane_cells = fields.Integer(
        string="Cells Compared",
        readonly=True,
        copy=False,
        help="Column by column comparisons of fast bills with Odoo's own; all were equal.",
    )
    lane_reasons = fields.Json(readonly=True, copy=False)
    lane_census = fields.Json(readonly=True, copy=False)
    lane_note = fields.Text(string="Why Ordinary", compute="_compute_lane_note")
    lane_unknown = fields.Char(
        string="Unknown Modules",
        readonly=True,
        copy=False,
        help="Modules that change how invoices are made and that the fast lane does not know.",
    )
    lane_keys = fields.Char(
        string="Foreign Keys",
        readonly=True,
        copy=False,
        help="How the database checked what the fast bills refer to.",
    )

    @api.model
    def _method_fields(self):
        """Override: the state, and what posting says about itself."""
        return super()._method_fields() | {
            "state",
            "error_message",
            "fast_count",
            "orm_count",
            "lane_cells",
            "lane_reasons",
            "lane_census",
            "lane_unknown",
            "lane_keys",
        }

    def _compute_lane_note(self):
        for run in self:
            run.lane_note = "\n".join(
                f"{reason}: {count}" for reason, count in (run.lane_reasons or {}).items()
            )

    def _note_lanes(self, fast, ordinary, reasons, lane):
        """Add up what a chunk did; charges without a run leave no note.

        :param int fast: bills of the fast lane
        :param int ordinary: bills of the ORM
        :param dict reasons: reason -> number of bills left to the ORM
        :param lane: the BillingLane
        """
        if not self:
            return
        total = dict(self.lane_reasons or {})
        for reason, count in reasons.items():
            total[reason] = total.get(reason, 0) + count
        # sudo: who may post may not write what the posting says about itself
        self.sudo().write(
            {
                "fast_count": self.fast_count + fast,
                "orm_count": self.orm_count + ordinary,
                "lane_cells": self.lane_cells + lane.cells,
                "lane_reasons": total,
                "lane_census": lane.census,
                "lane_keys": lane.keys_note if fast else self.lane_keys,
                "lane_unknown": ", ".join(lane.unknown) or False,
            }
        )
        lane.cells = 0

    def _count_helped(self):
        """Note the bills of helpers whose caller was killed before it could note them."""
        self.ensure_one()
        billed = self.env["property.charge"].search_count(
            [("run_id", "=", self.id), ("state", "!=", "draft")]
        )
        missing = billed - self.fast_count - self.orm_count
        if missing <= 0:
            return
        # sudo: who may post may not write what the posting says about itself
        self.sudo().write({"fast_count": self.fast_count + missing})
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE res_partner SET customer_rank = 1
             WHERE coalesce(customer_rank, 0) = 0
               AND id IN (SELECT unnest(ARRAY[partner_id, commercial_partner_id])
                            FROM account_move WHERE billing_run_id = %s)
            """,
            [self.id],
        )
        self.env["res.partner"].invalidate_model(["customer_rank"])
