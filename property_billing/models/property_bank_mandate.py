from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

FROZEN = frozenset(("name", "site_id", "partner_id", "bank_account_id"))


class PropertyBankMandate(models.Model):
    """A payer's written permission to withhold bills from a bank account (代扣授权)."""

    _name = "property.bank.mandate"
    _description = "Direct Debit Mandate"
    _inherit = ["property.by.methods", "mail.thread"]
    _order = "id desc"
    _rec_names_search = ["name", "partner_id.name"]

    name = fields.Char(
        string="Agreement Number",
        required=True,
        copy=False,
        index="trigram",
        tracking=True,
        help="Number of the agreement at the bank; answers of the bank are found by it.",
    )
    site_id = fields.Many2one("property.site", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", string="Payer", required=True, index=True, ondelete="restrict", tracking=True
    )
    bank_account_id = fields.Many2one(
        "res.partner.bank",
        required=True,
        ondelete="restrict",
        tracking=True,
        help="The account may be another person's, who signed the agreement.",
    )
    unit_ids = fields.Many2many(
        "property.unit",
        string="Units",
        domain="[('site_id', '=', site_id)]",
        help="Empty: every unit of the site that the payer is billed for.",
    )
    date_from = fields.Date(
        string="Valid from", required=True, default=fields.Date.context_today, tracking=True
    )
    date_to = fields.Date(string="Valid until", tracking=True, help="Empty: until it is ended.")
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Active"), ("ended", "Ended")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many("property.bank.collection.line", "mandate_id", readonly=True)
    line_count = fields.Integer(compute="_compute_line_count", string="Withholdings")

    _dates_in_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)", "A mandate ends after it starts."
    )
    _number_once = models.UniqueIndex(
        "(company_id, name) WHERE state <> 'ended'",
        "This agreement number belongs to another mandate that is not ended.",
    )

    def _compute_line_count(self):
        groups = self.env["property.bank.collection.line"]._read_group(
            [("mandate_id", "in", self.ids)], ["mandate_id"], ["__count"]
        )
        counts = {mandate.id: count for mandate, count in groups}
        for mandate in self:
            mandate.line_count = counts.get(mandate.id, 0)

    @api.depends("name", "partner_id.name")
    def _compute_display_name(self):
        for mandate in self:
            mandate.display_name = f"{mandate.name or ''} {mandate.partner_id.name or ''}".strip()

    @api.constrains("partner_id", "unit_ids", "site_id", "state", "date_from", "date_to")
    def _check_one_mandate(self):
        """Every bill is withheld from one account only."""
        active = self.filtered(lambda mandate: mandate.state == "active")
        others = self.search(
            [("state", "=", "active"), ("partner_id", "in", active.partner_id.ids)]
        ).grouped(lambda mandate: (mandate.partner_id, mandate.site_id))
        for mandate in active:
            for other in others.get((mandate.partner_id, mandate.site_id), self) - mandate:
                if mandate._covers_what(other):
                    raise ValidationError(
                        self.env._(
                            "%(mandate)s and %(other)s cover the same unit at the same time. End "
                            "one of them, or tell their units apart.",
                            mandate=mandate.display_name,
                            other=other.display_name,
                        )
                    )

    @api.constrains("unit_ids", "site_id")
    def _check_units(self):
        for mandate in self:
            if mandate.unit_ids.site_id - mandate.site_id:
                raise ValidationError(
                    self.env._("The units of a mandate belong to its site. Choose others.")
                )

    def _covers_what(self, other):
        """Tell whether two mandates of a payer and site share a unit and a day."""
        last, other_last = (
            one.date_to or fields.Date.to_date("9999-12-31") for one in (self, other)
        )
        is_same_time = self.date_from <= other_last and other.date_from <= last
        is_same_unit = not self.unit_ids or not other.unit_ids or self.unit_ids & other.unit_ids
        return bool(is_same_time and is_same_unit)

    @api.model
    def _method_fields(self):
        """Override: the state."""
        return super()._method_fields() | {"state"}

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base`: a mandate starts as a draft."""
        if not self.env.su and any(vals.get("state", "draft") != "draft" for vals in vals_list):
            raise UserError(self.env._("Activate the mandate with its button."))
        return super().create(vals_list)

    def write(self, vals):
        """Override of `base`: an agreement that was signed is not rewritten.

        :raise UserError: for whoever tries
        """
        if not self.env.su:
            if "state" in vals:
                raise UserError(self.env._("Use the buttons to activate or end a mandate."))
            if FROZEN & vals.keys() and any(mandate.state != "draft" for mandate in self):
                raise UserError(
                    self.env._(
                        "A signed agreement is not changed. End this mandate and enter the new one."
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if any(mandate.state != "draft" for mandate in self):
            raise UserError(self.env._("A mandate that was signed stays on file. End it instead."))

    def action_activate(self):
        """Let bills be withheld by these mandates."""
        self.check_access("write")
        for mandate in self:
            if mandate.state != "draft":
                raise UserError(self.env._("Only a draft is activated. Enter a new mandate."))
        # sudo: the state is written by the buttons only
        self.sudo().write({"state": "active"})
        return True

    def action_end(self):
        """End the mandates today; what is with the bank already is still answered."""
        self.check_access("write")
        today = fields.Date.context_today(self)
        for mandate in self:
            if mandate.state != "active":
                raise UserError(self.env._("Only an active mandate is ended."))
            # sudo: the state is written by the buttons only
            mandate.sudo().write(
                {
                    "state": "ended",
                    "date_to": max(mandate.date_from, min(mandate.date_to or today, today)),
                }
            )
        return True

    def action_view_lines(self):
        """Show what was withheld by this mandate."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_bank_collection_line_action"
        )
        return {**action, "domain": [("mandate_id", "=", self.id)], "context": {}}

    @api.model
    def _active_domain(self, site, day):
        """Return the domain of the mandates of a site that hold on a day."""
        return (
            Domain("state", "=", "active")
            & Domain("site_id", "=", site.id)
            & Domain("date_from", "<=", day)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", day))
        )
