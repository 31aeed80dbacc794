from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.cash_count import DENOMINATIONS, count_cash

CHECKER_GROUPS = ("property_base.group_finance", "property_base.group_manager")


class PropertyCashierShift(models.Model):
    """A cashier's shift on a site: from the float in the drawer to a signed-off report (交班)."""

    _name = "property.cashier.shift"
    _description = "Cashier Shift"
    _inherit = ["property.made.by.methods", "mail.thread"]
    _order = "opened_at desc, id desc"
    _mail_post_access = "read"

    name = fields.Char(string="Number", required=True, readonly=True, copy=False)
    site_id = fields.Many2one(
        "property.site", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users", string="Cashier", required=True, readonly=True, ondelete="restrict"
    )
    state = fields.Selection(
        [("open", "On Duty"), ("closed", "Handed Over"), ("signed", "Signed off")],
        required=True,
        default="open",
        readonly=True,
        index=True,
        tracking=True,
    )
    opened_at = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    closed_at = fields.Datetime(readonly=True, tracking=True)
    last_taken_at = fields.Datetime(readonly=True)
    amount_float = fields.Monetary(
        string="Float", readonly=True, tracking=True, help="Cash in the drawer at the start."
    )
    line_ids = fields.One2many("property.cashier.shift.line", "shift_id", readonly=True)
    denominations = fields.Json(readonly=True, help="Counted notes and coins: value and number.")
    collection_ids = fields.One2many("property.collection", "shift_id", readonly=True)
    amount_received = fields.Monetary(compute="_compute_amounts", string="Received")
    amount_difference = fields.Monetary(
        string="Difference", readonly=True, tracking=True, help="Counted less expected."
    )
    note = fields.Text(string="Handover Note", readonly=True)
    deposit_move_ids = fields.One2many("account.move", "cashier_shift_id", readonly=True)
    amount_deposited = fields.Monetary(compute="_compute_amounts", string="Taken to the Bank")
    signed_by_id = fields.Many2one("res.users", readonly=True, tracking=True)
    signed_at = fields.Datetime(readonly=True)
    sign_note = fields.Char(readonly=True, tracking=True)

    _one_open = models.UniqueIndex(
        "(user_id, site_id) WHERE state = 'open'",
        "You have an open shift on this site already. Close it first.",
    )

    @api.depends("collection_ids.state", "collection_ids.amount_received", "deposit_move_ids.state")
    def _compute_amounts(self):
        sums = dict(
            self.env["property.collection"]._read_group(
                [("shift_id", "in", self.ids), ("state", "=", "done")],
                ["shift_id"],
                ["amount_received:sum"],
            )
        )
        for shift in self:
            shift.amount_received = sums.get(shift._origin, 0.0)
            shift.amount_deposited = shift._deposited()

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A shift stays on file. Close it and have it signed off."))

    # === Opening and closing ===

    @api.model
    def _open(self, site, amount_float=0):
        """Open the shift of the current user on a site.

        :param site: property.site
        :param amount_float: cash in the drawer, in yuan
        :return: the open shift; the one that is open already when there is one
        """
        self.env["account.payment"].check_access("create")
        site = site.with_env(self.env)
        site.check_access("read")
        if mine := self._mine(site):
            return mine
        if float(amount_float) < 0:
            raise UserError(self.env._("The float cannot be negative. Count the drawer."))
        # sudo: shifts are opened and closed by these methods only
        shift_sudo = self.sudo().create(
            {
                "name": self.env["ir.sequence"]
                .sudo()
                .with_company(site.company_id)
                .next_by_code("property.cashier.shift"),
                "site_id": site.id,
                "user_id": self.env.uid,
                "amount_float": float(amount_float),
            }
        )
        self.env["property.audit"]._log(
            "money", shift_sudo, after={"action": "opened", "amount": f"{amount_float:.2f}"}
        )
        return shift_sudo.sudo(self.env.su)

    @api.model
    def _mine(self, site=None):
        """Return the user's open shift on a site, or any when no site is told."""
        domain = [("user_id", "=", self.env.uid), ("state", "=", "open")]
        if site:
            domain.append(("site_id", "=", site.id))
        return self.search(domain, limit=1)

    def _expect_open_for_taking(self, site):
        """Make sure money may be taken or given back in this shift, and mark it as used.

        Writing the shift keeps it from being closed by somebody who does not see this taking.

        :raise UserError: when it is closed, somebody else's or of another site
        """
        self.ensure_one()
        # sudo: the state is changed by methods only
        shift_sudo = self.sudo()
        if shift_sudo.state != "open":
            raise UserError(
                self.env._(
                    "Shift %(shift)s is closed. Open a new one to take money; money of a closed "
                    "shift is refunded, not undone.",
                    shift=shift_sudo.name,
                )
            )
        if shift_sudo.site_id != site:
            raise UserError(
                self.env._(
                    "Shift %(shift)s is on %(own)s. Open a shift on %(site)s first.",
                    shift=shift_sudo.name,
                    own=shift_sudo.site_id.name,
                    site=site.name,
                )
            )
        shift_sudo.last_taken_at = fields.Datetime.now()
        shift_sudo.flush_recordset(["last_taken_at"])

    def _figures(self):
        """Return what the system expects by way to pay.

        :return: list of dict ``method`` (record), ``expected`` and ``is_cash`` (float included),
            ``count`` of takings, in order
        """
        self.ensure_one()
        # sudo: the sums of a shift the reader may see
        tenders_sudo = self.env["property.collection.tender"].sudo()
        rows = {
            method: (amount, count)
            for method, amount, count in tenders_sudo._read_group(
                [("collection_id.shift_id", "=", self.id), ("collection_id.state", "=", "done")],
                ["method_id"],
                ["amount:sum", "__count"],
            )
        }
        methods = self.env["property.tender.method"].sudo()._for_site(self.site_id)
        used = methods.browse([method.id for method in rows])
        cash = methods.filtered(lambda method: method.kind == "cash")[:1]
        figures = []
        for method in (cash | used).sorted():
            amount, count = rows.get(method, (0.0, 0))
            is_cash = method == cash
            if is_cash:
                amount += self.amount_float - self._deposited()
            figures.append(
                {
                    "method": method,
                    "expected": self.currency_id.round(amount),
                    "is_cash": is_cash,
                    "count": count,
                }
            )
        return figures

    def _deposited(self):
        moves_sudo = self.sudo().deposit_move_ids.filtered(lambda move: move.state == "posted")
        return sum(moves_sudo.mapped("amount_total"))

    def _close(self, denominations, counted, explanations, note=""):
        """Close the shift with what was counted.

        :param dict denominations: value such as "100" -> number of notes or coins
        :param dict counted: method id -> Decimal counted of methods other than cash
        :param dict explanations: method id -> why counted and expected differ
        :raise UserError: when a difference is not explained, or the shift is not the user's
        """
        self.ensure_one()
        self.check_access("read")
        if self.user_id != self.env.user:
            raise UserError(
                self.env._(
                    "Only %(cashier)s closes this shift: the one who counts the money.",
                    cashier=self.user_id.name,
                )
            )
        # sudo: shifts are opened and closed by these methods only
        shift_sudo = self.sudo()
        if not shift_sudo.try_lock_for_update():
            raise UserError(
                self.env._("Money is being taken in this shift. Try again in a moment.")
            )
        shift_sudo.invalidate_recordset()
        if shift_sudo.state != "open":
            raise UserError(self.env._("Shift %(shift)s is closed already.", shift=self.name))
        try:
            cash = count_cash(denominations)
        except ValueError as error:
            raise UserError(
                self.env._("Enter how many notes and coins of each kind there are: whole numbers.")
            ) from error
        vals_list = shift_sudo._prepare_lines(cash, counted, explanations)
        shift_sudo.write(
            {
                "state": "closed",
                "closed_at": fields.Datetime.now(),
                "denominations": {key: int(number) for key, number in denominations.items()},
                "note": note,
                "line_ids": [(5, 0, 0), *((0, 0, vals) for vals in vals_list)],
                "amount_difference": sum(vals["difference"] for vals in vals_list),
            }
        )
        self.env["property.audit"]._log(
            "money",
            shift_sudo,
            after={
                "action": "closed",
                "amount": f"{sum(vals['counted'] for vals in vals_list):.2f}",
                "result": f"{shift_sudo.amount_difference:.2f}",
            },
        )

    def _prepare_lines(self, cash, counted, explanations):
        vals_list = []
        for figure in self._figures():
            method, expected = figure["method"], figure["expected"]
            amount = float(cash if figure["is_cash"] else counted.get(method.id, expected))
            if method.kind == "prepayment":
                amount = expected
            difference = self.currency_id.round(amount - expected)
            why = (explanations.get(method.id) or "").strip()
            if difference and len(why) < 2:
                raise UserError(
                    self.env._(
                        "%(method)s: %(counted)s counted, %(expected)s expected. Count again, or "
                        "explain the difference of %(difference)s.",
                        method=method.name,
                        counted=self.currency_id.format(amount),
                        expected=self.currency_id.format(expected),
                        difference=self.currency_id.format(difference),
                    )
                )
            vals_list.append(
                {
                    "method_id": method.id,
                    "taking_count": figure["count"],
                    "expected": expected,
                    "counted": amount,
                    "difference": difference,
                    "explanation": why or False,
                }
            )
        return vals_list

    # === After closing ===

    def action_sign_off(self):
        """Sign a closed shift off: somebody else has checked money and report.

        :raise UserError: for the cashier, or without the role for it
        """
        self.check_access("read")
        user = self.env.user
        for shift in self:
            if not any(user.has_group(group) for group in CHECKER_GROUPS):
                raise UserError(self.env._("Finance or a site manager signs a shift off."))
            if shift.user_id == user:
                raise UserError(self.env._("Somebody else must sign off your shift."))
            # sudo: shifts are changed by these methods only
            shift_sudo = shift.sudo()
            if not shift_sudo.try_lock_for_update() or shift_sudo.state != "closed":
                raise UserError(
                    self.env._(
                        "Shift %(shift)s is not waiting to be signed off. The cashier closes it "
                        "first.",
                        shift=shift.name,
                    )
                )
            shift_sudo.write(
                {"state": "signed", "signed_by_id": user.id, "signed_at": fields.Datetime.now()}
            )
            self.env["property.audit"]._log("money", shift_sudo, after={"action": "signed"})
        return True

    def action_print(self):
        """Print the report of the shift."""
        self.check_access("read")
        return self.env.ref("property_billing.action_report_cashier_shift").report_action(self)

    def action_view_collections(self):
        """Open the takings of the shift."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_collection_action"
        )
        return {**action, "domain": [("shift_id", "=", self.id)], "context": {}}

    def _denomination_rows(self):
        """Return list of (value, number, amount) of the notes and coins counted."""
        counted = self.denominations or {}
        return [
            (value, counted[value], Decimal(value) * counted[value])
            for value in DENOMINATIONS
            if counted.get(value)
        ]
