import base64
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.image import image_data_uri

#: Minutes a code can be paid with.
MINUTES = 10
#: States of a transaction whose money may still arrive by itself.
ON_THE_WAY = ("pending", "authorized")


class PropertyScanPayment(models.Model):
    """Money a payer at the counter is asked for by a code to scan (扫码收款).

    It freezes what the cashier chose, holds these bills while the code can be paid, and becomes
    one taking when the money arrives. Money that arrives too late is kept all the same.
    """

    _name = "property.scan.payment"
    _description = "Payment by Scan"
    _inherit = ["property.made.by.methods", "mail.thread"]
    _order = "id desc"
    _mail_post_access = "read"

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, index=True)
    token = fields.Char(required=True, readonly=True, copy=False, groups="base.group_system")
    access_token = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: secrets.token_urlsafe(24),
        groups="base.group_system",
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting for the Payer"),
            ("done", "Money received"),
            ("kept", "Received Late"),
            ("cancelled", "Given up"),
            ("expired", "Expired"),
        ],
        required=True,
        default="waiting",
        readonly=True,
        index=True,
        tracking=True,
    )
    site_id = fields.Many2one(
        "property.site", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    unit_id = fields.Many2one(
        "property.unit",
        string="Household Unit",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        "res.users", string="Cashier", required=True, readonly=True, ondelete="restrict"
    )
    shift_id = fields.Many2one(
        "property.cashier.shift", required=True, readonly=True, index=True, ondelete="restrict"
    )
    method_id = fields.Many2one(
        "property.tender.method",
        string="Way to pay",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    provider_id = fields.Many2one(
        "payment.provider", required=True, readonly=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Payer", required=True, readonly=True, ondelete="restrict"
    )
    date = fields.Date(required=True, readonly=True)
    amount = fields.Monetary(
        required=True, readonly=True, tracking=True, help="What the code is for, in yuan."
    )
    expires_at = fields.Datetime(required=True, readonly=True)
    line_ids = fields.One2many("property.scan.payment.line", "scan_id", readonly=True)
    plan = fields.Json(readonly=True, help="What the cashier chose, as it was shown.")
    terms = fields.Json(readonly=True, help="Late fees and discounts within it.")
    transaction_ids = fields.One2many("payment.transaction", "scan_payment_id", readonly=True)
    collection_id = fields.Many2one(
        "property.collection",
        string="Counter Taking",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    payment_ids = fields.Many2many(
        "account.payment", string="Payments", compute="_compute_payment_ids"
    )
    note = fields.Text(readonly=True, help="What the cashier must know about late money.")
    is_note_open = fields.Boolean(string="Note to Read", readonly=True)

    _token_unique = models.Constraint("UNIQUE(token)", "This payment has been asked for already.")
    _access_token_unique = models.Constraint(
        "UNIQUE(access_token)", "This payment has been asked for already."
    )

    def _compute_payment_ids(self):
        for scan in self:
            # sudo: transactions have no rights for cashiers; the payments are read by their own
            transactions_sudo = scan.sudo().transaction_ids
            scan.payment_ids = self.env["account.payment"].search(
                [("payment_transaction_id", "in", transactions_sudo.ids)]
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A payment by scan stays on file."))

    # === Asking ===

    @api.model
    def _ask(self, reckoned, token, shift, expected):
        """Freeze what is to be paid by scan, and hold its bills for the payer.

        :param dict reckoned: as from `property.counter._reckon`
        :param str token: names this taking
        :param shift: property.cashier.shift, open
        :param dict expected: bill -> (residual, late fee) as the cashier saw them
        :return: property.scan.payment
        :raise UserError: when the taking would not be possible, or somebody else holds a bill
        """
        tender = self._scanned_tender(reckoned["tenders"])
        method = tender["method"]
        partner = self._payer(reckoned)
        company = method.company_id
        method._check_scan(partner, float(tender["amount"]), company.currency_id)
        date = fields.Date.context_today(self)
        self._rehearse(reckoned, shift, expected, date)
        # sudo: asked for by this method only, whose caller may take money
        records_sudo = self.sudo()
        sequence_sudo = self.env["ir.sequence"].sudo().with_company(company)
        terms = self._frozen_terms(reckoned, date)
        scan_sudo = records_sudo.create(
            {
                "name": sequence_sudo.next_by_code("property.scan.payment"),
                "token": token,
                "site_id": reckoned["unit"].site_id.id,
                "company_id": company.id,
                "unit_id": reckoned["unit"].id,
                "user_id": self.env.uid,
                "shift_id": shift.id,
                "method_id": method.id,
                "provider_id": method.sudo().provider_id.id,
                "partner_id": partner.id,
                "date": date,
                "amount": float(tender["amount"]),
                "expires_at": fields.Datetime.now() + timedelta(minutes=MINUTES),
                "plan": self._frozen_plan(reckoned, expected),
                "terms": terms,
            }
        )
        scan_sudo._hold(reckoned)
        self.env["property.audit"]._log(
            "money",
            scan_sudo,
            after={
                "action": "asked",
                "amount": str(tender["amount"]),
                "bills": {bill.name: str(share) for bill, share in reckoned["bills"].items()},
            },
        )
        return scan_sudo.sudo(self.env.su)

    @api.model
    def _scanned_tender(self, tenders):
        scanned = [one for one in tenders if one["amount"] and one["method"].is_scan]
        if len(scanned) != 1:
            raise UserError(
                self.env._("Choose one way to pay by scan, and add cash or a card for the rest.")
            )
        return scanned[0]

    @api.model
    def _payer(self, reckoned):
        head = reckoned["unit"]
        payer = head._property_payer_on("tenant", fields.Date.context_today(self)).get(head.id)
        if not payer:
            payer = next(iter(reckoned["bills"]), self.env["account.move"]).partner_id
        if not payer:
            raise UserError(
                self.env._(
                    "%(unit)s has no owner or tenant who could pay by scan. Register who lives "
                    "there first.",
                    unit=head.code,
                )
            )
        return payer

    @api.model
    def _rehearse(self, reckoned, shift, expected, date):
        """Plan the whole taking and forget it: nobody is asked for money that does not fit.

        :raise UserError: for whatever `property.collection._collect` would refuse
        """
        tenders = [
            {**one, "scan": True} if one["method"].is_scan else one for one in reckoned["tenders"]
        ]
        try:
            with self.env.cr.savepoint():
                self.env["property.collection.plan"]._prepare(
                    list(reckoned["bills"].items()),
                    tenders,
                    date,
                    self._options(reckoned, shift, expected),
                )
                raise _Rehearsed
        except _Rehearsed:
            return

    @api.model
    def _options(self, reckoned, shift, expected):
        return {
            "shift": shift,
            "unit": reckoned["unit"],
            "late_fees": reckoned["late"],
            "discounts": reckoned["discounts"],
            "advances": reckoned["advances"],
            "expected": expected,
        }

    def _hold(self, reckoned):
        """Write what the code pays of each bill; a bill is held by one code at a time.

        :raise UserError: when another counter asks for one of the bills right now
        """
        self.ensure_one()
        late = {bill: fee for bill, fee in reckoned["late"].items() if fee}
        left = self._decimal(self.amount)
        rows = []
        for bill in dict.fromkeys((*reckoned["bills"], *late, *reckoned["discounts"])):
            part = min(left, reckoned["bills"].get(bill, 0) + late.get(bill, 0))
            left -= part
            rows.append({"scan_id": self.id, "move_id": bill.id, "amount": float(part)})
        lines_sudo = self.env["property.scan.payment.line"].sudo()
        moves = self.env["account.move"].browse([row["move_id"] for row in rows])
        lines_sudo._release_stale(moves)
        lines_sudo._create_holds(rows)

    # === What the screen and the payer's page show ===

    def _url(self):
        """Return the address the code leads to."""
        self.ensure_one()
        # sudo: whoever may show the code may know its address
        token = self.sudo().access_token
        return f"{self.company_id.get_base_url()}/property/pay/{token}"

    def _qr(self):
        """Return the code as a data URI."""
        code = self.env["ir.actions.report"].barcode(
            barcode_type="QR", value=self._url(), width=360, height=360, quiet=False
        )
        return image_data_uri(base64.b64encode(code))

    def _is_payable(self):
        """Tell whether a payer may start to pay now."""
        self.ensure_one()
        return (
            self.state == "waiting"
            and self.expires_at > fields.Datetime.now()
            and not self._on_the_way_sudo()
        )

    def _on_the_way_sudo(self):
        # sudo: cashiers and payers see what became of a transaction, not the transaction
        return self.sudo().transaction_ids.filtered(lambda tx: tx.state in ON_THE_WAY)

    # === Giving up ===

    def _give_up(self):
        """Stop asking, at the cashier's wish; money that arrived meanwhile is taken instead.

        :raise UserError: when a payment is on its way
        """
        self.ensure_one()
        self._lock_row()
        self._catch_up()
        if self.state != "waiting":
            return
        if self._on_the_way_sudo():
            raise UserError(
                self.env._(
                    "The payer has paid and the money is on its way. Wait for the result: it "
                    "comes by itself."
                )
            )
        self._stop("cancelled")
        self.env["property.audit"]._log("money", self, after={"cancelled": self.name})

    def _stop(self, state):
        # sudo: states follow from the steps of this model
        scan_sudo = self.sudo()
        scan_sudo.transaction_ids.filtered(lambda tx: tx.state == "draft")._set_canceled()
        scan_sudo.state = state
        scan_sudo.line_ids.write({"is_held": False})
        self._tell()

    def _catch_up(self):
        """Book money that arrived, and let codes nobody paid in time expire."""
        for scan in self:
            # sudo: as the page of the payment status, which any payer may open
            for transaction_sudo in scan.sudo().transaction_ids.filtered(
                lambda tx: tx.state == "done" and not tx.is_post_processed
            ):
                transaction_sudo._post_process()
            is_over = scan.expires_at <= fields.Datetime.now()
            if scan.state == "waiting" and is_over and not scan._on_the_way_sudo():
                scan._lock_row()
                if scan.state == "waiting" and not scan._on_the_way_sudo():
                    scan._stop("expired")

    @api.model
    def _cron_catch_up(self):
        """Book what arrived and free the bills of codes that expired."""
        domain = Domain("state", "=", "waiting") & Domain("expires_at", "<=", fields.Datetime.now())
        scans = self.search(domain, limit=200, order="id")
        for index, scan in enumerate(scans, 1):
            if scan.try_lock_for_update():
                scan._catch_up()
            self.env["ir.cron"]._commit_progress(1, remaining=len(scans) - index)

    def _lock_row(self):
        """Wait for whoever works on the same payment; then read it anew."""
        self.env.cr.execute(
            SQL("SELECT id FROM property_scan_payment WHERE id IN %s FOR UPDATE", tuple(self.ids)),
            log_exceptions=False,
        )
        self.invalidate_recordset(["state", "collection_id"])

    def _tell(self):
        """Let the screen of the cashier look again."""
        for scan in self:
            # sudo: a payer's page tells the cashier
            scan.sudo().user_id._bus_send("property_scan_payment", {"id": scan.id})

    def _decimal(self, amount):
        return self.env["property.collection.plan"]._decimal(self, amount)

    def action_view_collection(self):
        """Open the taking it became."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.collection",
            "res_id": self.collection_id.id,
            "views": [(False, "form")],
        }


class _Rehearsed(Exception):
    """Ends a rehearsal: everything it did is rolled back."""
