from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.dunning import forbidden_words, unknown_placeholders


class PropertyDunningLevel(models.Model):
    """One step of reminding: when it comes, what it says, how it reaches people (催缴级别)."""

    _name = "property.dunning.level"
    _description = "Dunning Level"
    _inherit = ["property.scoped", "mail.thread"]
    _order = "sequence, days_overdue, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    site_id = fields.Many2one(
        "property.site",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('company_id', '=', company_id)]",
        help="Empty: for every site of the company.",
    )
    days_overdue = fields.Integer(
        default=0,
        required=True,
        tracking=True,
        help="Bills count from this many days after their due date; 0 also takes bills that are "
        "due today or later (a plain notice of bills).",
    )
    days_between = fields.Integer(
        default=15,
        required=True,
        help="A household gets this level again only after so many days.",
    )
    days_to_pay = fields.Integer(
        default=10, required=True, help="Days until the deadline named in the notice."
    )
    amount_min = fields.Monetary(string="From Amount", help="Households owing less are left out.")
    currency_id = fields.Many2one(related="company_id.currency_id")
    title = fields.Char(required=True, translate=True, help="Title of the paper.")
    body = fields.Text(
        required=True,
        translate=True,
        help="Text of the notice. In braces: payer, unit, site, amount, principal, late_fee, days, "
        "deadline.",
    )
    message = fields.Char(
        string="Short Message",
        translate=True,
        help="Text of the SMS, with the same words in braces.",
    )
    with_late_fee = fields.Boolean(
        string="Name the Late Fee", default=True, help="Adds the late fee as of the day."
    )
    by_print = fields.Boolean(string="Print", default=True)
    by_email = fields.Boolean(string="E-mail")
    by_sms = fields.Boolean(string="SMS")
    by_portal = fields.Boolean(string="Portal", default=True)
    active = fields.Boolean(default=True)

    _days_not_negative = models.Constraint(
        "CHECK(days_overdue >= 0 AND days_between >= 0 AND days_to_pay >= 0 AND amount_min >= 0)",
        "Days and amounts cannot be negative. Enter 0 or more.",
    )

    @api.constrains("title", "body", "message")
    def _check_texts(self):
        for level in self:
            for lang, _name in self.env["res.lang"].get_installed():
                level.with_context(lang=lang)._check_text()

    def _check_text(self):
        """Refuse texts that threaten what the law forbids, or that cannot be filled in.

        :raise ValidationError: naming the words
        """
        self.ensure_one()
        text = " ".join(filter(None, (self.title, self.body, self.message)))
        if words := forbidden_words(text):
            raise ValidationError(
                self.env._(
                    "A notice may not threaten to cut services or access for arrears (Civil Code "
                    "§944): take out %(words)s. Name the deadline and the ways of law instead.",
                    words="、".join(words),
                )
            )
        if names := unknown_placeholders(text):
            raise ValidationError(
                self.env._(
                    "%(names)s cannot be filled in. Use payer, unit, site, amount, principal, "
                    "late_fee, days or deadline.",
                    names=", ".join(f"{{{name}}}" for name in names),
                )
            )

    def _channels(self):
        """Return the ways this level goes out, in the order they are tried."""
        self.ensure_one()
        return [name for name in ("print", "email", "sms", "portal") if self[f"by_{name}"]]
