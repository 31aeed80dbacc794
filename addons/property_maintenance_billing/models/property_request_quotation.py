from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.property_maintenance.tools.workflow import FINISHED_STEPS

BATCH = 50


class PropertyRequestQuotation(models.Model):
    """From what a resident accepted to a bill: once, by the billing addon's own engine."""

    _inherit = "property.request.quotation"

    charge_ids = fields.One2many("property.charge", "quotation_id", string="Charges")
    charge_id = fields.Many2one("property.charge", compute="_compute_charge_id", compute_sudo=True)
    is_to_bill = fields.Boolean(
        string="To Bill", compute="_compute_charge_id", compute_sudo=True, search="_search_to_bill"
    )
    billing_problem = fields.Char(
        readonly=True, copy=False, help="Why the bill could not be made; it is tried again daily."
    )

    @api.depends("state", "charge_ids.state", "request_id.step")
    def _compute_charge_id(self):
        for quotation in self:
            quotation.charge_id = quotation.charge_ids.filtered(
                lambda charge: charge.state not in ("cancelled", "reversed")
            )[:1]
            quotation.is_to_bill = (
                quotation.state == "accepted"
                and quotation.request_id.step in FINISHED_STEPS
                and not quotation.charge_id
            )

    @api.model
    def _search_to_bill(self, operator, value):
        if operator != "in":
            return NotImplemented
        live = Domain("charge_ids", "any", [("state", "not in", ("cancelled", "reversed"))])
        due = (
            Domain("state", "=", "accepted")
            & Domain("request_id.step", "in", FINISHED_STEPS)
            & ~live
        )
        return (due if True in value else Domain.FALSE) | (~due if False in value else Domain.FALSE)

    # Billing ----------------------------------------------------------------------------------

    def action_bill(self):
        """Bill accepted quotations of finished work now.

        :raise UserError: when a bill cannot be made, saying why
        """
        self._check_biller()
        # sudo: making charges is the engine's; who may ask for it was checked
        due_sudo = self.sudo().filtered("is_to_bill")
        if not due_sudo:
            raise UserError(
                self.env._(
                    "Nothing is to be billed: a quotation is billed once, when it is accepted and "
                    "the work is done."
                )
            )
        due_sudo._bill()
        problems = due_sudo.filtered("billing_problem")
        if problems:
            raise UserError("\n".join(problems.mapped("billing_problem")))
        return True

    def action_view_bill(self):
        """Open the bill of the quotation."""
        self.ensure_one()
        self._check_biller()
        return self.charge_id.action_view_bill()

    @api.model
    def _check_biller(self):
        user = self.env.user
        if not (
            self.env.su
            or user.has_group("property_base.group_finance")
            or user.has_group("property_base.group_manager")
        ):
            raise AccessError(
                self.env._("Only finance and site managers bill work. Ask one of them.")
            )

    def _bill(self):
        """Make and post a charge for each that is to be billed; a problem stays with its quotation.

        :return: the new charges
        """
        charges = self.env["property.charge"]
        for quotation in self._lock_and_reread("state").filtered("is_to_bill"):
            try:
                with self.env.cr.savepoint():
                    charge = quotation._charge()
                    charge._post()
                quotation.billing_problem = False
                charges |= charge
            except UserError as error:
                quotation.billing_problem = str(error)
        return charges

    def _charge(self):
        """Create the draft charge of the quotation: one item, one unit, one payer."""
        self.ensure_one()
        day = fields.Date.context_today(self)
        charge = self.env["property.charge"]._create_single(
            self.unit_id,
            self._charge_item(),
            self.partner_id,
            day,
            Decimal(f"{self.amount:.2f}"),
            self._charge_note(),
        )
        charge.sudo().quotation_id = self
        return charge

    def _charge_item(self):
        return self.request_id.request_category_id.charge_item_id or (
            self.company_id._maintenance_item()
        )

    def _charge_note(self):
        """Return what the bill is for, in the language of the company's bills."""
        env = self.with_context(lang=self.company_id._billing_lang()).env
        lines = "; ".join(
            f"{line['name']} {line['quantity']:g}{line['uom']} × {line['price']:.2f}"
            for line in self.content
        )
        return env._(
            "Request %(request)s, quotation %(quotation)s accepted on %(day)s: %(lines)s",
            request=self.request_id.code,
            quotation=self.name,
            day=fields.Date.to_string(fields.Datetime.context_timestamp(self, self.answered_at)),
            lines=lines,
        )

    def _unbill(self):
        """Take back what was billed: unpaid bills are cancelled, others are credited."""
        charges = self.charge_id
        charges.filtered(lambda charge: charge.state == "posted")._undo()
        charges.filtered(lambda charge: charge.state == "draft").write({"state": "cancelled"})

    @api.model
    def _cron_bill(self):
        """Bill what could not be billed when the work was finished."""
        cron = self.env["ir.cron"]
        due = self.search([("is_to_bill", "=", True)], order="id")
        while due:
            batch, due = due[:BATCH], due[BATCH:]
            batch._bill()
            if not cron._commit_progress(len(batch), remaining=len(due)):
                return
