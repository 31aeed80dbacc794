from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class PropertyPrepayment(models.Model):
    """Money received before its bills: an open credit of the payer, tagged with its unit (预存)."""

    _name = "property.prepayment"
    _description = "Prepayment"
    _inherit = ["property.credit", "mail.activity.mixin"]
    _order = "date, id"

    item_id = fields.Many2one(
        "property.charge.item",
        string="Only for",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Empty: any item.",
    )
    origin_id = fields.Many2one(
        "property.prepayment",
        string="Handed over from",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
    )
    request_ids = fields.One2many("property.refund", "prepayment_id", string="Requests")
    reminded_on = fields.Date(string="Reminded", readonly=True, copy=False)
    statement_html = fields.Html(compute="_compute_statement_html", string="Statement")

    def _compute_statement_html(self):
        for prepayment in self:
            prepayment.statement_html = self.env["ir.qweb"]._render(
                "property_billing.credit_statement", {"credit": prepayment}
            )

    # Receiving --------------------------------------------------------------------------------

    @api.model
    def _receive(self, unit, payer, amount, journal, item=None, date=None, **payment_vals):
        """Book money received in advance.

        :param unit: property.unit it is for
        :param payer: res.partner
        :param amount: yuan, positive
        :param journal: account.journal the money arrived in
        :param item: property.charge.item it is earmarked for; any item when left out
        :return: the prepayment, whose ``payment_id`` is posted
        :raise UserError: when amount, journal, unit or item do not fit
        """
        amount = self._checked_amount(amount, unit.company_id.currency_id)
        self._check_receipt(unit, payer, journal, item)
        account = payer.with_company(unit.company_id).property_account_receivable_id
        if not account:
            raise UserError(
                self.env._(
                    "%(partner)s has no receivable account. Set one on the contact.",
                    partner=payer.display_name,
                )
            )
        memo = self.env._("Prepayment %(unit)s", unit=unit.code)
        payment, line = self._book_payment(
            self._prepare_payment_vals(
                unit,
                payer,
                amount,
                journal,
                account,
                **{
                    "date": self._checked_day(date),
                    "memo": memo,
                    **payment_vals,
                },
            ),
            account,
        )
        # sudo: nobody makes prepayments by hand; they come with a payment the user may book
        prepayment_sudo = self.sudo().create(
            {
                "date": payment.date,
                "unit_id": unit.id,
                "partner_id": payer.id,
                "item_id": item.id if item else False,
                "payment_id": payment.id,
                "line_id": line.id,
                "amount": amount,
            }
        )
        prepayment = prepayment_sudo.sudo(self.env.su)
        prepayment._log_use("received", amount, payment.memo)
        return prepayment

    @api.model
    def _check_receipt(self, unit, payer, journal, item):
        """Raise unless the money can be kept for that payer, unit and item."""
        if unit.kind == "public":
            raise UserError(
                self.env._(
                    "%(unit)s is a public area and gets no bills. Choose a household.",
                    unit=unit.code,
                )
            )
        if not payer:
            raise UserError(self.env._("Choose whose money it is."))
        self._check_journal(journal, unit)
        if item and (
            item.company_id != unit.company_id or (item.site_id and item.site_id != unit.site_id)
        ):
            raise UserError(
                self.env._(
                    "Item %(item)s is not billed on %(site)s. Choose another, or none.",
                    item=item.name,
                    site=unit.site_id.name,
                )
            )

    @api.model
    def _keep(self, lines, unit, reason=None):
        """Keep open credits that are already booked as prepayments of a unit.

        :param lines: account.move.line on receivable accounts, with something left
        :param unit: property.unit the money is kept for
        :return: the prepayments of these lines
        """
        # sudo: nobody makes prepayments by hand; these lines are the payers' own
        lines_sudo = lines.sudo().filtered(lambda line: line.amount_residual < 0)
        kept_sudo = self.sudo().search([("line_id", "in", lines_sudo.ids)])
        known = kept_sudo.grouped("line_id")
        new_lines_sudo = lines_sudo.filtered(lambda line: line not in known)
        created_sudo = self.sudo().create(
            [
                {
                    "date": line.date,
                    "unit_id": unit.id,
                    "partner_id": line.partner_id.id,
                    "payment_id": line.move_id.origin_payment_id.id,
                    "line_id": line.id,
                    "amount": -line.amount_residual,
                }
                for line in new_lines_sudo
            ]
        )
        for prepayment_sudo in kept_sudo:
            left = prepayment_sudo.amount_left
            if prepayment_sudo.currency_id.compare_amounts(left, prepayment_sudo.amount) > 0:
                prepayment_sudo.amount = left
        for prepayment_sudo in created_sudo:
            prepayment_sudo._log_use("received", prepayment_sudo.amount, reason)
        return (kept_sudo | created_sudo).sudo(self.env.su)

    # Asking -----------------------------------------------------------------------------------

    @api.model
    def _open(self, units, payers=None):
        """Return the prepayments of units with something left, oldest first."""
        domain = Domain("unit_id", "in", units.ids) & Domain("amount_left", ">", 0)
        if payers is not None:
            domain &= Domain("commercial_partner_id", "in", payers.commercial_partner_id.ids)
        return self.search(domain)

    def action_apply(self):
        """Use the money for the open bills of its payer and unit now."""
        self.check_access("read")
        self.env["account.payment"].check_access("create")
        bills = self._open_bills()
        applied = bills._property_apply_prepayments()
        total = sum(applied.values())
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if applied else "info",
                "message": self.env._(
                    "%(count)s bills settled with %(amount)s.",
                    count=len(applied),
                    amount=self.env.company.currency_id.format(float(total)),
                )
                if applied
                else self.env._("No open bill of this payer and unit can be settled with it."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _open_bills(self):
        """Return the open bills of payer and unit, its parking spaces included."""
        # sudo: the user may book payments of the site; bills of its payer are what they settle
        moves_sudo = self.env["account.move"].sudo()
        units = self.unit_id | self.unit_id.child_ids
        return moves_sudo.search(
            [
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("amount_residual", ">", 0),
                ("unit_id", "in", units.ids),
                ("commercial_partner_id", "in", self.commercial_partner_id.ids),
            ]
        ).sudo(self.env.su)

    def _usable_ids(self):
        """Return the set of ids of those that some open bill could be settled with now."""
        open_self = self.filtered(lambda one: one.amount_left > 0)
        rows = open_self._open_bills()._property_prepayment_matches() if open_self else []
        return {row[4] for row in rows} & set(open_self.ids)

    def action_request(self):
        """Ask for a refund, or for handing the money over."""
        self.ensure_one()
        return self.env["property.refund"]._action_new(prepayment=self)

    def action_print(self):
        """Print the statement."""
        return self.env.ref("property_billing.action_report_prepayment").report_action(self)

    def _account_of(self, partner):
        return partner.with_company(self.company_id).property_account_receivable_id

    def _prepare_copy_vals(self):
        return {"item_id": self.item_id.id}
