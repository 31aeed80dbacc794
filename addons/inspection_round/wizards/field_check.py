from odoo import api, fields, models


class FieldCheck(models.TransientModel):
    """A reading of a company's whole chain, and where it is broken."""

    _name = "field.check"
    _description = "Check of the Chain"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, readonly=True
    )
    entry_count = fields.Integer(string="Entries Read", readonly=True)
    break_ids = fields.One2many("field.check.break", "check_id", string="Breaks", readonly=True)
    is_whole = fields.Boolean(compute="_compute_is_whole")

    @api.depends("break_ids")
    def _compute_is_whole(self):
        for check in self:
            check.is_whole = not check.break_ids

    @api.model
    def action_check(self):
        """Read the chain of the current company and show what was found."""
        entries = self.env["field.entry"]
        entries.check_access("read")
        company = self.env.company
        breaks = entries._check_chain(company)
        found = entries.search(
            [("company_id", "=", company.id), ("sequence", "in", [one.sequence for one in breaks])]
        )
        by_place = {entry.sequence: entry.id for entry in found}
        check = self.create(
            {
                "company_id": company.id,
                "entry_count": entries.search_count([("company_id", "=", company.id)]),
                "break_ids": [
                    (
                        0,
                        0,
                        {
                            "sequence": one.sequence,
                            "kind": one.kind,
                            "count": one.count,
                            "entry_id": by_place.get(one.sequence),
                        },
                    )
                    for one in breaks
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check of the Chain"),
            "res_model": self._name,
            "res_id": check.id,
            "views": [(False, "form")],
            "target": "new",
        }
