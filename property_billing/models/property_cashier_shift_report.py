from odoo import api, models


class PropertyCashierShift(models.Model):
    _inherit = "property.cashier.shift"

    def _report(self):
        """Return everything the report of a shift says, as plain values (交班表).

        :return: dict with ``methods``, ``items``, ``receipts``, ``undone``, ``deposits``
        """
        self.ensure_one()
        # sudo: the report of a shift the reader may see
        takings_sudo = self.sudo().collection_ids
        done_sudo = takings_sudo.filtered(lambda one: one.state == "done")
        return {
            "methods": self._report_methods(),
            "items": self._report_items(done_sudo),
            "receipts": self._report_receipts(takings_sudo),
            "taking_count": len(done_sudo),
            "settled": sum(done_sudo.mapped("amount")),
            "received": sum(done_sudo.mapped("amount_received")),
            "used": sum(done_sudo.mapped("amount_used")),
            "undone": [
                {
                    "name": one.name,
                    "unit": one.unit_id.code or "",
                    "amount": one.amount,
                    "by": one.undone_by_id.name,
                    "reason": one.undo_reason,
                }
                for one in (takings_sudo - done_sudo).sorted("id")
            ],
            "deposits": [
                {"name": move.name, "date": move.date, "amount": move.amount_total}
                for move in self.sudo().deposit_move_ids
                if move.state == "posted"
            ],
        }

    def _report_methods(self):
        if self.state == "open":
            return [
                {
                    "name": figure["method"].name,
                    "count": figure["count"],
                    "expected": figure["expected"],
                    "counted": None,
                    "difference": None,
                    "explanation": "",
                }
                for figure in self._figures()
            ]
        return [
            {
                "name": line.method_id.name,
                "count": line.taking_count,
                "expected": line.expected,
                "counted": line.counted,
                "difference": line.difference,
                "explanation": line.explanation or "",
            }
            for line in self.line_ids
        ]

    @api.model
    def _report_items(self, done_sudo):
        """Return list of (name, number of bills, amount) by charge item, advances last."""
        lines_sudo = self.env["property.collection.line"].sudo()
        groups = lines_sudo._read_group(
            [("collection_id", "in", done_sudo.ids)],
            ["kind", "item_id"],
            ["__count", "amount:sum"],
        )
        labels = dict(lines_sudo._fields["kind"]._description_selection(self.env))
        order = list(labels)
        rows = sorted(
            groups, key=lambda row: (order.index(row[0]), row[1].sequence, row[1].id or 0)
        )
        return [
            (
                " · ".join(
                    # one of both is often called like the other
                    dict.fromkeys(
                        filter(None, (labels[kind] if kind != "bill" else "", item.name or ""))
                    )
                )
                or labels[kind],
                count,
                amount,
            )
            for kind, item, count, amount in rows
        ]

    @api.model
    def _report_receipts(self, takings_sudo):
        """Return the receipts of a shift: first and last number, how many, how many void."""
        numbers = [name for name in takings_sudo.receipt_ids.sorted("id").mapped("name") if name]
        undone_sudo = takings_sudo.filtered(lambda one: one.state == "undone")
        return {
            "first": numbers[0] if numbers else "",
            "last": numbers[-1] if numbers else "",
            "count": len(takings_sudo.receipt_ids),
            "void": len(undone_sudo.receipt_ids),
        }
