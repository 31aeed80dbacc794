from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import str2bool

from ..tools.document_ids import parse_document_ids


class AccountMove(models.Model):
    _inherit = "account.move"

    # === Who may see and pay which bill ===

    @api.model
    def _property_portal_domain(self, partner):
        """Return the domain of the posted bills a person may see and pay in the portal.

        These are the bills addressed to that person (or the company it belongs to), also after
        it has moved out, and those of the units it lives in today and whose bills it may see —
        as far as they are addressed to people who hold that unit today: a buyer never sees what
        the seller owes, a tenant sees nothing from before the tenancy.

        :param partner: `res.partner` of the user
        """
        addressee = partner.commercial_partner_id
        visible = Domain("commercial_partner_id", "=", addressee.id)
        mine_sudo = partner._property_current_occupancies_sudo().filtered("may_see_bills")
        # residents of the units and of their parking spaces are found together
        units_sudo = mine_sudo.unit_id
        residents_sudo = (units_sudo | units_sudo.child_ids)._property_residents_sudo()
        residents_by_unit = residents_sudo.grouped("unit_id")
        for occupancy in mine_sudo:
            holders = residents_by_unit[occupancy.unit_id].filtered(
                lambda resident: resident.role in ("owner", "co_owner", "tenant")
            )
            payers = holders.partner_id.commercial_partner_id - addressee
            if not payers:
                continue
            # as `_property_spaces_sudo`, for every unit at once
            spaces = occupancy.unit_id.child_ids.filtered(
                lambda space: space not in residents_by_unit
            )
            shared = Domain("unit_id", "in", (occupancy.unit_id | spaces).ids)
            shared &= Domain("commercial_partner_id", "in", payers.ids)
            if occupancy.role == "tenant":
                shared &= Domain("period_to", ">=", occupancy.date_from)
            visible |= shared
        return (
            Domain("move_type", "=", "out_invoice")
            & Domain("state", "=", "posted")
            & Domain("unit_id", "!=", False)
            & visible
        )

    @api.model
    def _property_portal_open_domain(self, partner):
        """Return the domain of the bills in sight of a person that still owe something.

        :param partner: `res.partner` of the user
        """
        return (
            self._property_portal_domain(partner)
            & Domain("payment_state", "in", ("not_paid", "partial", "in_payment"))
            & Domain("amount_residual", ">", 0)
        )

    # === Paying several bills at once ===

    @api.model
    def _property_payable_sudo(self, invoice_ids, partner):
        """Check the bills a person wants to pay.

        :param invoice_ids: the ids as the client sent them: nothing is taken for granted
        :param partner: `res.partner` of the user
        :return: the bills in superuser mode, in the order of settlement
        :raise UserError: when they cannot all be paid together, now, by this person
        """
        try:
            ids = parse_document_ids(invoice_ids)
        except ValueError as error:
            raise UserError(
                self.env._("Choose at least one bill, and at most 200, then pay again.")
            ) from error
        # sudo: the domain is the check; portal rules know nothing of households
        bills_sudo = self.sudo().search(
            self._property_portal_domain(partner) & Domain("id", "in", ids)
        )
        if len(bills_sudo) != len(ids):
            raise UserError(
                self.env._(
                    "Some of these bills cannot be paid here: they are not yours or were "
                    "withdrawn. Open your bills again."
                )
            )
        bills_sudo._property_check_payable()
        return bills_sudo.sorted(lambda bill: (bill.invoice_date_due, bill.id))

    @api.model
    def _property_lock_payable_sudo(self, invoice_ids, partner):
        """Check the bills a person is about to pay and lock them until the transaction ends.

        :param invoice_ids: the ids as the client sent them
        :param partner: `res.partner` of the user
        :return: as for `_property_payable_sudo`, read after the lock
        :raise UserError: as there, and when somebody else is settling one of them right now
        """
        bills_sudo = self._property_payable_sudo(invoice_ids, partner)
        if bills_sudo.try_lock_for_update(allow_referencing=True) != bills_sudo:
            raise UserError(
                self.env._("These bills are being settled right now. Wait a moment and try again.")
            )
        bills_sudo.invalidate_recordset(["amount_residual", "payment_state", "state"])
        bills_sudo._property_check_payable()
        return bills_sudo

    def _property_check_payable(self):
        """Raise unless all the bills can be paid together by one transaction."""
        if not self._property_online_payment_enabled():
            raise UserError(
                self.env._("Online payment is switched off. Pay at the property service centre.")
            )
        if any(bill._property_is_settled() for bill in self):
            raise UserError(
                self.env._("One of these bills has been paid already. Open your bills again.")
            )
        if self._property_in_progress():
            raise UserError(
                self.env._(
                    "A payment of one of these bills is still being processed. "
                    "Wait for its result before you pay again."
                )
            )
        accounts = self.env["account.account"].union(*self._property_receivable_accounts().values())
        if len(self.company_id) > 1 or len(self.currency_id) > 1 or len(accounts) > 1:
            raise UserError(
                self.env._(
                    "These bills belong to different companies and cannot be paid together. "
                    "Pay them one group after the other."
                )
            )

    @api.model
    def _property_online_payment_enabled(self):
        """Tell whether the stock setting allows payments in the portal."""
        # sudo: a portal user may not read system parameters
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        return str2bool(parameters_sudo.get_param("account_payment.enable_portal_payment"))

    def _property_is_settled(self):
        self.ensure_one()
        return (
            self.state != "posted"
            or self.payment_state not in ("not_paid", "partial", "in_payment")
            or self.currency_id.compare_amounts(self.amount_residual, 0) <= 0
        )

    def _property_in_progress(self, scan=None):
        """Return the bills for which money is on its way: nobody should pay them twice.

        :param scan: property.scan.payment that settles them itself
        """
        held_sudo = self.env["property.scan.payment.line"]._holding(self, scan)
        held_ids = set(held_sudo.move_id.ids)
        return self.filtered(
            lambda bill: (
                bill.id in held_ids
                or any(
                    (
                        tx.state in ("pending", "authorized")
                        and tx.provider_code not in ("none", "custom")
                    )
                    or (tx.state == "done" and not tx.is_post_processed)
                    for tx in bill.transaction_ids
                    if not scan or tx.scan_payment_id.id != scan.id
                )
            )
        )

    def _property_receivable_accounts(self):
        """Return the accounts that the bills' open items stand on, in one query for all.

        :return: dict bill -> account.account; bills without open items have none
        """
        rows = self.env["account.move.line"]._read_group(
            [
                ("move_id", "in", self.ids),
                ("account_id.account_type", "=", "asset_receivable"),
                ("reconciled", "=", False),
            ],
            ["move_id"],
            ["account_id:recordset"],
        )
        return dict(rows)

    def _property_receivable_lines(self):
        return self.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable" and not line.reconciled
        )
