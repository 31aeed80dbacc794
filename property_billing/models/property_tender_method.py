from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

KINDS = [
    ("cash", "Cash"),
    ("pos", "POS terminal"),
    ("bank", "Bank transfer"),
    ("cheque", "Cheque"),
    ("wechat", "WeChat Pay"),
    ("alipay", "Alipay"),
    ("prepayment", "Prepayment"),
]
KEYS = {
    "cash": "C",
    "pos": "S",
    "bank": "B",
    "cheque": "Q",
    "wechat": "W",
    "alipay": "Y",
    "prepayment": "P",
    "online": "N",
}


class PropertyTenderMethod(models.Model):
    """A way to pay at the counter, and the journal its money arrives in (收款方式)."""

    _name = "property.tender.method"
    _description = "Tender Method"
    _inherit = ["property.scoped"]
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(KINDS, required=True, default="pos")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    site_id = fields.Many2one(
        "property.site",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        help="Empty: used on every site of the company.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        domain="[('type', 'in', ('cash', 'bank', 'credit')), ('company_id', '=', company_id)]",
        ondelete="restrict",
        help="Where the money arrives. Prepayments used need none: their money is in the books.",
    )
    needs_reference = fields.Boolean(
        help="The cashier must enter the number of the slip, cheque or order."
    )
    active = fields.Boolean(default=True)

    _journal_unless_prepayment = models.Constraint(
        "CHECK((kind = 'prepayment') = (journal_id IS NULL))",
        "Choose the journal the money of this method arrives in; a prepayment needs none.",
    )

    @api.constrains("kind", "journal_id", "company_id", "site_id")
    def _check_journal(self):
        for method in self:
            journal = method.journal_id
            if journal and journal.company_id not in (
                method.company_id | method.company_id.parent_ids
            ):
                raise ValidationError(
                    self.env._(
                        "Journal %(journal)s belongs to another company. Choose one of "
                        "%(company)s.",
                        journal=journal.display_name,
                        company=method.company_id.name,
                    )
                )
            if (method.kind == "cash") != (journal.type == "cash"):
                raise ValidationError(
                    self.env._(
                        "Cash goes to a cash journal and everything else to a bank journal. "
                        "Change the journal of %(method)s.",
                        method=method.name,
                    )
                )
            if method.site_id and method.site_id.company_id != method.company_id:
                raise ValidationError(
                    self.env._(
                        "Site %(site)s belongs to another company. Choose a site of %(company)s.",
                        site=method.site_id.name,
                        company=method.company_id.name,
                    )
                )

    @api.model
    def _for_site(self, site):
        """Return the ways to pay on a site; a company without any gets the usual ones.

        :param site: property.site
        :raise UserError: when the company has no journal for money
        """
        company = site.company_id
        # sudo: setting up the usual methods is no decision of the cashier's
        methods_sudo = self.sudo().with_context(active_test=False)
        if not methods_sudo.search_count([("company_id", "=", company.id)], limit=1):
            methods_sudo.create(methods_sudo._prepare_usual(company))
        return self.search([("company_id", "=", company.id), ("site_id", "in", (site.id, False))])

    @api.model
    def _prepare_usual(self, company):
        """Prepare cash, POS, transfer, cheque, WeChat, Alipay and prepayment for a company."""
        journals = self.env["account.journal"].search(
            [("company_id", "in", (company | company.parent_ids).ids)], order="sequence, id"
        )
        cash = journals.filtered(lambda journal: journal.type == "cash")[:1]
        bank = journals.filtered(lambda journal: journal.type == "bank")[:1]
        if not cash or not bank:
            raise UserError(
                self.env._(
                    "%(company)s needs a cash journal and a bank journal before money can be "
                    "taken. Ask accounting to create them.",
                    company=company.name,
                )
            )
        env = self.with_context(lang=company._billing_lang()).env
        names = dict(env["property.tender.method"]._fields["kind"]._description_selection(env))
        return [
            {
                "sequence": 10 * index,
                "name": names[kind],
                "kind": kind,
                "company_id": company.id,
                "journal_id": {"cash": cash.id, "prepayment": False}.get(kind, bank.id),
                "needs_reference": kind == "cheque",
            }
            for index, (kind, _label) in enumerate(KINDS, 1)
        ]
