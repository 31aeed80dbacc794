from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.rounding import to_decimal
from .billing_time_facts import TIME_METHODS


class PropertyFeeShare(models.Model):
    """The part of a fee one payer bears; of one fee, or of every fee of an item."""

    _name = "property.fee.share"
    _description = "Share of a Payer"
    _inherit = ["property.scoped"]
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    fee_id = fields.Many2one("property.fee", index="btree_not_null", ondelete="cascade")
    item_id = fields.Many2one("property.charge.item", index="btree_not_null", ondelete="cascade")
    site_id = fields.Many2one(
        "property.site", compute="_compute_scope", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_scope", store=True, index=True, precompute=True
    )
    payer_role = fields.Selection(
        [
            ("owner", "Owner"),
            ("tenant", "Tenant, else owner"),
            ("developer", "Developer"),
            ("partner", "Somebody else"),
        ],
        string="Payer",
        required=True,
        default="owner",
    )
    partner_id = fields.Many2one("res.partner", string="Contact", ondelete="restrict")
    percent = fields.Float(required=True, digits=(16, 2), help="Part of the amount in per cent.")

    _one_parent = models.Constraint(
        "CHECK((fee_id IS NULL) <> (item_id IS NULL))",
        "A share belongs to one fee or to one charge item.",
    )
    _percent_range = models.Constraint(
        "CHECK(percent > 0 AND percent <= 100)",
        "A share lies above 0 and up to 100 per cent.",
    )
    _partner_named = models.Constraint(
        "CHECK((payer_role = 'partner') = (partner_id IS NOT NULL))",
        "Name the contact who pays where the payer is somebody else, and only there.",
    )

    @api.depends("fee_id.site_id", "item_id.site_id", "fee_id.company_id", "item_id.company_id")
    def _compute_scope(self):
        for share in self:
            parent = share.fee_id or share.item_id
            share.site_id = parent.site_id
            share.company_id = parent.company_id

    @api.depends("payer_role", "partner_id.name", "percent")
    def _compute_display_name(self):
        labels = dict(self._fields["payer_role"]._description_selection(self.env))
        for share in self:
            who = share.partner_id.name or labels.get(share.payer_role, "")
            share.display_name = f"{who} {share.percent:g}%"

    @api.constrains("percent", "payer_role")
    def _check_percent(self):
        for share in self:
            parent = share.fee_id or share.item_id
            if parent.payer_role == "split" and (parent.share_ids or share.fee_id):
                parent.share_ids._check_sum(parent, parent.method)

    @api.model_create_multi
    def create(self, vals_list):
        """Log who bears what: it is money."""
        shares = super().create(vals_list)
        shares._log_shares("create")
        return shares

    def write(self, vals):
        """Log who bears what now."""
        self._log_shares("before")
        result = super().write(vals)
        self._log_shares("after")
        return result

    def unlink(self):
        """Log who bore what."""
        self._log_shares("delete")
        return super().unlink()

    def _log_shares(self, action):
        for share in self:
            self.env["property.audit"]._log(
                "money",
                share.fee_id or share.item_id,
                before={"share": share.display_name} if action in ("before", "delete") else None,
                after={"share": share.display_name} if action in ("create", "after") else None,
                reason=self.env._("Shares of the payers"),
            )

    def _check_sum(self, parent, method):
        """Refuse shares that do not make the whole, or methods that cannot be split.

        :param parent: the fee or charge item they belong to
        """
        if method not in TIME_METHODS:
            raise ValidationError(
                self.env._(
                    "%(name)s cannot be split: only items by area, fixed ones and formulas can.",
                    name=parent.display_name,
                )
            )
        if sum(to_decimal(share.percent) for share in self) != 100:
            raise ValidationError(
                self.env._(
                    "The shares of %(name)s do not sum to 100 per cent. Correct them.",
                    name=parent.display_name,
                )
            )
