from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class PropertyStatementWizard(models.TransientModel):
    _name = "property.statement.wizard"
    _description = "Statement of Account"

    scope = fields.Selection(
        [("payer", "Payer"), ("household", "Household")], required=True, default="payer"
    )
    partner_id = fields.Many2one("res.partner", string="Payer")
    unit_id = fields.Many2one("property.unit")
    with_spaces = fields.Boolean(
        string="With Parking and Storage",
        default=True,
        help="Also the bills of the parking spaces and storage rooms of the unit.",
    )
    payer_ids = fields.Many2many(
        "res.partner", string="Only Bills of", help="Empty: the bills of everybody on the unit."
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(
        required=True,
        default=lambda self: fields.Date.context_today(self) + relativedelta(day=1, months=-2),
    )
    date_to = fields.Date(required=True, default=fields.Date.context_today)

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        if any(wizard.date_from > wizard.date_to for wizard in self):
            raise ValidationError(
                self.env._("The first day must not be after the last. Correct the dates.")
            )

    @api.onchange("unit_id")
    def _onchange_unit_id(self):
        if self.unit_id:
            self.company_id = self.unit_id.company_id

    def action_print(self):
        """Print the statement.

        :raise UserError: when nothing says whose statement it is to be
        """
        self.ensure_one()
        if not (self.partner_id if self.scope == "payer" else self.unit_id):
            raise UserError(self.env._("Choose whose statement to print."))
        return self.env.ref("property_billing.action_report_statement").report_action(self)

    def _statement(self):
        """Return the statement, as `property.statement` computes it."""
        self.ensure_one()
        statements = self.env["property.statement"]
        span = (self.company_id, self.date_from, self.date_to)
        if self.scope == "payer":
            return statements._for_payer(self.partner_id, *span)
        return statements._for_units(self._units(), *span, partners=self.payer_ids or None)

    def _late_fee(self):
        """Return the late fee of these bills up to the last day that is not billed yet."""
        self.ensure_one()
        domain = self.env["account.move"]._property_late_fee_domain() & Domain(
            "company_id", "=", self.company_id.id
        )
        payers = self.partner_id if self.scope == "payer" else self.payer_ids
        if payers:
            # by the payer of the bill, which has an index
            domain &= Domain(
                "partner_id.commercial_partner_id", "in", payers.commercial_partner_id.ids
            )
        if self.scope != "payer":
            domain &= Domain("unit_id", "in", self._units().ids)
        day = min(self.date_to, fields.Date.context_today(self))
        fees = self.env["account.move"].search(domain)._property_late_fees(day)
        return float(sum(fees.values()))

    def _units(self):
        if not self.with_spaces:
            return self.unit_id
        return self.unit_id | self.unit_id._property_spaces_sudo()

    def _heading(self):
        """Return who or what the statement is about: list of (label, text)."""
        self.ensure_one()
        if self.scope == "payer":
            # sudo: the units of the payer are only named
            units = self.partner_id._property_current_occupancies_sudo().unit_id
            return [
                (self.env._("Payer"), self.partner_id.commercial_partner_id.name),
                (
                    self.env._("Unit"),
                    "、".join(f"{unit.site_id.name} {unit.code}" for unit in units),
                ),
            ]
        return [
            (self.env._("Unit"), f"{self.unit_id.site_id.name} {self.unit_id.code}"),
            (self.env._("Payer"), "、".join(self.payer_ids.mapped("name"))),
        ]
