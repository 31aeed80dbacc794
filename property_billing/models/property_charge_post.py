"""From charges to posted invoices, one a charge: which of two lanes posts each."""

from odoo import models
from odoo.tools import split_every

from .billing_lane import BillingLane, Lanes
from .property_charge import POST_BATCH

LANE_CHUNK = 2000
FIRST_CHUNK = 500  # enough to prove what is usual; the other connections wait for it
LANE_FROM = 20  # below this the comparison costs more than the ordinary way


class PropertyCharge(models.Model):
    _inherit = "property.charge"

    def _post(self):
        """Post one invoice for every draft charge, in the caller's transaction.

        The charge and its invoice are linked in the same transaction: after a crash either both
        exist or neither does. Plain bills go through the set-based lane, in which one bill of
        each pattern is compared with what the ORM makes of it; all others go through the ORM.
        A caller that posts in several steps keeps a ``Lanes`` in the context ``billing_lanes``:
        what was proved in the first step need not be proved again. Where these lanes have
        several connections, helpers post some of the charges in transactions of their own, and some
        are left to a later step: only for charges that were committed before.

        :return: the posted account.move of the caller's transaction
        """
        kept = self.env.context.get("billing_lanes")
        # a context sent from outside holds no such object
        lanes = kept if isinstance(kept, Lanes) else Lanes()
        moves = self.env["account.move"]
        for (company, site, run), charges in self._drafts_by_journal():
            for ids in split_every(LANE_CHUNK * lanes.width, charges.ids):
                chunk = self.browse(ids)
                if site.id not in lanes.by_site:
                    lanes.by_site[site.id] = BillingLane(chunk.env, company, site)
                lane = lanes.by_site[site.id]
                lane.attach(self.env)
                # helpers commit first: not after this transaction took numbers of the journal
                made = None if moves else chunk._post_together(lane, run, lanes)
                if made is None:
                    alone = min(LANE_CHUNK, lanes.count(LANE_CHUNK, FIRST_CHUNK))
                    made = chunk[:alone]._post_chunk(lane, run, lanes)
                moves |= made
        moves._property_apply_prepayments()
        return moves

    def _drafts_by_journal(self):
        """Group the draft charges by company, site and run, without reading them."""
        self.flush_model()
        self.env.cr.execute(
            """
              SELECT company_id, site_id, run_id, array_agg(charge.id ORDER BY charge.id)
                FROM unnest(%s::int[]) AS given (id)
          CROSS JOIN LATERAL (SELECT id, company_id, site_id, run_id, state
                                FROM property_charge WHERE id = given.id OFFSET 0) charge
               WHERE charge.state = 'draft'
            GROUP BY company_id, site_id, run_id
            ORDER BY min(charge.id)
            """,
            [self.ids],
        )
        return [
            (
                (
                    self.env["res.company"].browse(company_id),
                    self.env["property.site"].browse(site_id),
                    self.env["property.billing.run"].browse(run_id or ()),
                ),
                self.browse(ids),
            )
            for company_id, site_id, run_id, ids in self.env.cr.fetchall()
        ]

    def _post_together(self, lane, run, lanes):
        """Post what is plain of a chunk over several connections, if the lanes are that wide.

        Whatever became of it, this transaction must not go on with the chunk: it does not see what
        the helpers did.

        :return: the account.move of this connection; None when it was not tried
        """
        if len(self) <= LANE_CHUNK or lanes.width == 1:
            return None
        posted = lane.post_together(self, lanes.width)
        if posted is None:
            lanes.width = 1
            return None
        run._note_lanes(len(posted), 0, {}, lane)
        moves = self.env["account.move"].browse(filter(None, posted.values()))
        if not moves:
            lanes.width = 1
        return moves

    def _post_chunk(self, lane, run, lanes):
        """Post a chunk of one journal: what the lane may take, then the rest through the ORM."""
        fast, reasons = lane.post(self, LANE_FROM)
        rest = self.browse(charge_id for charge_id in self.ids if charge_id not in fast)
        moves = self.env["account.move"].browse(fast.values())
        for ids in split_every(POST_BATCH, rest.ids):
            moves |= self.browse(ids)._post_batch(lane.company)
        run._note_lanes(len(fast), len(rest), reasons, lane)
        lanes.width = lanes.connections if len(fast) > len(rest) else 1
        return moves
