from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountPayment(models.Model):
    _inherit = "account.payment"

    collector_id = fields.Many2one(
        "res.users",
        compute="_compute_collector_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        tracking=True,
        copy=False,
        help="Who took the money; empty for payments made online.",
    )

    # Voids of a day are few among all payments.
    _property_void_index = models.Index(
        "(site_id, date) WHERE state = 'canceled' AND partner_type = 'customer'"
    )

    @api.depends("payment_transaction_id", "collection_id")
    def _compute_collector_id(self):
        for payment in self:
            user_sudo = (payment.collector_id or payment.create_uid or self.env.user).sudo()
            # Neither Odoo itself nor a resident takes money.
            is_online = payment.payment_transaction_id and not payment.collection_id
            is_nobody = is_online or user_sudo.share
            payment.collector_id = False if is_nobody or user_sudo._is_superuser() else user_sudo

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `account`: a cashier takes money in nobody else's name."""
        for vals in vals_list:
            self._check_collector(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Override of `account`: only finance and managers say that somebody else took it."""
        self._check_collector(vals)
        return super().write(vals)

    def _check_collector(self, vals):
        if self.env.su or vals.get("collector_id", self.env.uid) == self.env.uid:
            return
        if not any(
            self.env.user.has_group(f"property_base.group_{role}")
            for role in ("finance", "manager", "director")
        ):
            raise UserError(
                self.env._(
                    "Only finance or a manager can say that somebody else took this money. Leave "
                    "the collector as it is and ask one of them."
                )
            )
