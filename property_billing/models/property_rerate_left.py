"""Bills that are not billed again because a part of them was credited: who decides sees them."""

from odoo import api, fields, models
from odoo.tools import formatLang

from ..tools.rounding import FEN, to_decimal


class PropertyRerate(models.Model):
    _inherit = "property.rerate"

    line_ids = fields.One2many(domain=[("left_reason", "=", False)])
    left_line_ids = fields.One2many(
        "property.rerate.line",
        "rerate_id",
        domain=[("left_reason", "!=", False)],
        string="Bills Left Alone",
        readonly=True,
    )

    def _approval_impact_text(self):
        """Override: add what is left alone."""
        return self._with_left_text(super()._approval_impact_text(), self._left_alone())

    @api.model
    def _with_left_text(self, effect, left):
        """Add to the effect of a request which bills it leaves alone.

        :param str effect: what the request does
        :param left: as from ``_compare_left``
        :return: str
        """
        if not left:
            return effect
        sums = {
            name: formatLang(self.env, float(sum(change[name] for change in left)), digits=2)
            for name in ("old", "credited", "new")
        }
        texts = {"effect": effect, "count": sum(len(change["charges"]) for change in left)}
        if any(change["reason"] == "problem" for change in left):
            return self.env._(
                "%(effect)s; %(count)s bills credited in part are left alone: %(old)s billed, "
                "%(credited)s credited",
                **texts,
                old=sums["old"],
                credited=sums["credited"],
            )
        return self.env._(
            "%(effect)s; %(count)s bills credited in part are left alone: %(old)s billed, "
            "%(credited)s credited, would be %(new)s",
            **texts,
            **sums,
        )

    def _left_alone(self):
        """Return what of the days is left alone, as from ``_compare_left``."""
        found = self._found_charges()
        return self._compare_left(found - found._without_credits())

    @api.model
    def _compare_left(self, charges, reliefs=()):
        """Compute what charges would be today that are left alone for their credits.

        :param charges: posted property.charge of one site
        :param reliefs: property.relief that count as approved
        :return: those of ``_compare`` that would change, with ``credited`` and ``reason``
        """
        if not charges:
            return []
        changes, problems = self._compare(charges, reliefs)
        stuck = {(problem.get("unit_id"), problem["item_id"]) for problem in problems}
        left = []
        for change in changes:
            fee = change["fee"]
            change["credited"] = sum(
                to_decimal(one.amount).quantize(FEN) - one._amount_standing()
                for one in change["charges"]
            )
            if (fee.unit_id.id, fee.item_id.id) in stuck:
                left.append({**change, "reason": "problem"})
            elif change["old"] != change["new"]:
                reason = "credited" if change["credited"] else "percentage"
                left.append({**change, "reason": reason})
        return left

    def _leave_alone(self, charges):
        """Tell of charges that were credited since the approval that they were left alone."""
        for charge in charges:
            lines_sudo = self.line_ids.sudo().filtered(
                lambda line, c=charge: (
                    (line.unit_id, line.item_id) == (c.unit_id, c.item_id)
                    and line.date_from <= c.date_from
                    and c.date_to <= line.date_to
                )
            )
            credited = to_decimal(charge.amount).quantize(FEN) - charge._amount_standing()
            lines_sudo.write(
                {
                    "left_reason": "credited" if credited else "percentage",
                    "amount_credited": float(credited),
                }
            )
        if charges:
            self.invalidate_recordset(["line_ids", "left_line_ids", "amount_difference"])
