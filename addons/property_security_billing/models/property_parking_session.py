from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import hash_sign

from odoo.addons.property_security.models.parking_class import MONEY_GROUPS
from odoo.addons.property_security.tools.parking_tariff import NoTariff

#: What tickets of the payment page are signed for.
TICKET = "property-parking-ticket"
#: For how long a car that was read at the exit is taken to stand there.
AT_EXIT = timedelta(minutes=15)
ZERO = Decimal(0)
#: Who takes money at the lane, and gives it back there: who has a shift that somebody else signs.
TAKER_GROUP = "property_base.group_cashier"


class PropertyParkingSession(models.Model):
    _inherit = "property.parking.session"

    payment_ids = fields.One2many(
        "property.parking.payment", "session_id", string="Payments", groups=MONEY_GROUPS
    )
    amount_paid = fields.Monetary(
        string="Paid", compute="_compute_amount_paid", store=True, groups=MONEY_GROUPS
    )
    amount_open = fields.Monetary(
        string="Unpaid",
        readonly=True,
        groups=MONEY_GROUPS,
        help="What was still due when the car left, and is so today.",
    )
    amount_due = fields.Monetary(
        string="To Pay Now", compute="_compute_amount_due", groups=MONEY_GROUPS
    )
    transaction_ids = fields.One2many(
        "payment.transaction", "parking_session_id", groups="base.group_system"
    )
    held_passage_id = fields.Many2one(
        "property.parking.passage",
        string="Waits at the Exit",
        ondelete="set null",
        readonly=True,
        copy=False,
    )
    held_at = fields.Datetime(
        related="held_passage_id.counted_at", store=True, string="At the Exit since"
    )
    _held_index = models.Index("(held_at) WHERE held_at IS NOT NULL")

    @api.depends("payment_ids.amount")
    def _compute_amount_paid(self):
        for stay in self:
            stay.amount_paid = sum(stay.payment_ids.mapped("amount"))

    @api.depends("payment_ids.amount", "coupon_ids", "left_at", "held_passage_id")
    def _compute_amount_due(self):
        now = fields.Datetime.now()
        for stay in self:
            stay.amount_due = float(stay._due_at(stay._fee_moment(now)))

    # What is due ------------------------------------------------------------------------------

    def _fee_moment(self, now):
        """Return until when the fee counts: the way out, the time at the exit, or now."""
        self.ensure_one()
        held = self.held_passage_id
        if self.left_at:
            return self.left_at
        if held.action == "pay" and now - AT_EXIT <= held.counted_at <= now:
            return held.counted_at
        return now

    def _due_at(self, moment):
        """Return what has to be paid to leave at a moment: Decimal, nothing where no price is.

        Only temporary cars pay; what anybody owes for his home plays no part.
        """
        try:
            return self._asked_at(moment)
        except NoTariff:
            return ZERO

    def _asked_at(self, moment):
        """Return what has to be paid to leave at a moment.

        :raise NoTariff: when no tariff is in force
        """
        self.ensure_one()
        if (
            self.category != "temporary"
            or self.state not in ("inside", "left")
            or not self.entered_at
            or moment < self.entered_at
        ):
            return ZERO
        payments_sudo = self.sudo().payment_ids  # the gate asks, too
        made = [(one.quoted_at, Decimal(f"{one.amount:.2f}")) for one in payments_sudo]
        # what was paid after the car had left cannot have let it out, but is paid
        later = sum((amount for at, amount in made if at > moment), ZERO)
        return max(ZERO, self._amount_due(moment, made) - later)

    def _last_transaction(self):
        """Return what a phone last began to pay for the stay."""
        # sudo: the driver's phone, and the gate, have no rights on transactions
        return self.sudo().transaction_ids.sorted("id")[-1:]

    def _money_on_the_way(self):
        """Tell whether money for the stay may still arrive by itself."""
        self.ensure_one()
        return any(
            tx.state in ("pending", "authorized") or (tx.state == "done" and not tx.payment_id)
            for tx in self.sudo().transaction_ids
        )

    def _catch_up(self):
        """Take money that arrived while nobody looked."""
        for transaction_sudo in self.sudo().transaction_ids.filtered(
            lambda tx: tx.state == "done" and not tx.is_post_processed
        ):
            transaction_sudo._post_process()

    def _ticket(self):
        """Return what names the stay on the payment page for two hours, and nothing else does."""
        self.ensure_one()
        return hash_sign(self.sudo().env, TICKET, [self.id], expiration=timedelta(hours=2))

    def _exit_requirement(self):
        """Override of `property_security`: a driver without plate pays before he opens."""
        need = super()._exit_requirement()
        due = float(self._due_at(self._fee_moment(fields.Datetime.now())))
        if need or not due or not self.area_id.is_paid_exit:
            return need
        return {
            "text": self.env._("Please pay %(amount)s", amount=self.currency_id.format(due)),
            "url": f"/parking/ticket/{self._ticket()}",
            "button": self.env._("Pay"),
        }

    # Taking money -----------------------------------------------------------------------------

    def _take_at_lane(self, tender, shown, key, reference=None):
        """Take the fee from a driver at the lane and let the car out.

        :param tender: property.tender.method that brings money
        :param Decimal shown: what the cashier was shown; another fee is refused
        :param str key: names this taking; the same key never takes money twice
        :return: property.parking.payment
        """
        self._check_taker()
        if not tender.journal_id or tender.company_id != self.company_id:
            raise UserError(self.env._("Choose a way to pay that brings money, such as cash."))
        if known := self._meet_money(key):
            return known
        shift = self._shift_for_taking()
        moment = self._fee_moment(fields.Datetime.now())
        due = self._due_at(moment)
        if not due:
            raise UserError(self.env._("Nothing is to be paid any more. Look at the stay again."))
        if due != shown:
            raise UserError(
                self.env._(
                    "The fee is now %(amount)s. Tell the driver and take that.",
                    amount=self.currency_id.format(float(due)),
                )
            )
        return self._add_payment(
            due,
            due,
            key=key,
            quoted_at=moment,
            method="cash" if tender.kind == "cash" else "terminal",
            journal_id=tender.sudo().journal_id.id,
            lane_id=(self.held_passage_id.lane_id or self.lane_out_id).id,
            user_id=self.env.uid,
            tender_id=tender.id,
            shift_id=shift.id,
            reference=reference or False,
        )

    def _check_taker(self):
        """Raise unless the user takes money: finance and managers check shifts, they have none."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(TAKER_GROUP):
            raise AccessError(self.env._("Only a cashier takes money. Call one."))

    def _shift_for_taking(self):
        """Return the user's open shift on the site, marked as used: it counts what is taken.

        :raise UserError: when there is none
        """
        shift = self.env["property.cashier.shift"]._mine(self.site_id)
        if not shift:
            raise UserError(
                self.env._(
                    "Open your shift on %(site)s before you take money.", site=self.site_id.name
                )
            )
        shift._expect_open_for_taking(self.site_id)
        return shift

    def _meet_money(self, key):
        """Let nobody else pay the stay meanwhile; return what this key has paid already."""
        self.ensure_one()
        self.env["property.parking.presence"]._meet(self.area_id, [self.plate])
        self._lock_and_reread("state", "left_at", "entered_at", "held_passage_id", "is_settled")
        # sudo: payments are made by these methods only
        payments_sudo = self.env["property.parking.payment"].sudo()
        return payments_sudo.search([("key", "=", key)]).sudo(self.env.su)

    def _add_payment(self, amount, received, **vals):
        """Create and book a payment; the car goes on where it waited for it.

        :param Decimal amount: what pays the stay
        :param Decimal received: what came in, not less
        """
        # sudo: as in _meet_money
        payment_sudo = self.env["property.parking.payment"].sudo()
        payment_sudo = payment_sudo.create(
            {
                "session_id": self.id,
                "amount": float(amount),
                "amount_received": float(received),
                "paid_at": fields.Datetime.now(),
                **vals,
            }
        )
        if payment_sudo._is_booked_at_once():
            payment_sudo._book()
        self.invalidate_recordset(["payment_ids", "amount_paid", "amount_due"])
        self._follow_money()
        return payment_sudo.sudo(self.env.su)

    def _follow_money(self):
        """Open for a car that waits at the exit, and settle stays that are over and paid."""
        for stay in self:
            held = stay.held_passage_id
            if stay.state == "left":
                stay._note_open()
            elif (
                held.action == "pay"
                and stay._fee_moment(fields.Datetime.now()) == held.counted_at
                and not stay._due_at(held.counted_at)
            ):
                held.sudo()._let_out()  # whoever has paid goes, whoever took the money

    def _charge(self):
        """Override of `property_security`: what has been paid settles the stay."""
        result = super()._charge()
        self._note_open()
        return result

    def _note_open(self):
        """Write down what is still due of stays that are over; paid ones are settled."""
        for stay_sudo in self.sudo():  # no role writes stays by hand
            if stay_sudo.state != "left" or not (
                stay_sudo.area_id.is_paid_exit or stay_sudo.payment_ids
            ):
                continue
            due = stay_sudo._due_at(stay_sudo.left_at)
            stay_sudo.write(
                {
                    "amount_open": float(due),
                    "is_settled": bool(stay_sudo.payment_ids) and not due,
                }
            )

    def action_void(self):
        """Override of `property_security`: money that was taken is given back first."""
        self.check_access("read")
        # sudo: only whether there is money to be given back
        paid = self.sudo().payment_ids.filtered(lambda one: one.amount_refundable > 0).session_id
        if paid and self.env.user.has_group("property_base.group_manager"):
            raise UserError(
                self.env._(
                    "%(plate)s has paid. Refund the payments of this stay first.",
                    plate=paid[0].plate_display,
                )
            )
        return super().action_void()

    def action_view_payments(self):
        """Open the payments of the stay."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_security_billing.property_parking_payment_action"
        )
        return {**action, "domain": [("session_id", "=", self.id)], "context": {}}
