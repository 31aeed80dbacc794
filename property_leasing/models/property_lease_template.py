"""Contracts from a text that people edit: braces stand for what the lease says."""

import re

from cn2an import an2cn
from markupsafe import Markup, escape
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date
from odoo.tools.misc import formatLang

PLACE = re.compile(r"\{([a-z_]+)\}")


class PropertyLeaseTemplate(models.Model):
    """The text of a contract."""

    _name = "property.lease.template"
    _description = "Contract Template"
    _inherit = ["property.scoped"]
    _order = "sequence, name, id"

    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    site_id = fields.Many2one(
        "property.site",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        help="Empty: all sites of the company.",
    )
    body = fields.Html(required=True, sanitize_attributes=False, help="{places} are filled in.")
    help_html = fields.Html(compute="_compute_help_html", string="Places")
    active = fields.Boolean(default=True)

    def _compute_help_html(self):
        rows = Markup("").join(
            Markup("<tr><td><code>{%s}</code></td><td>%s</td></tr>") % (name, label)
            for name, label in self._labels().items()
        )
        for template in self:
            template.help_html = Markup("<table class='table table-sm'>%s</table>") % rows

    def _labels(self):
        env = self.env
        return {
            "number": env._("number of the lease"),
            "landlord": env._("the company"),
            "tenant": env._("tenant"),
            "guarantor": env._("guarantor"),
            "site": env._("site"),
            "spaces": env._("table of spaces, areas and prices"),
            "area": env._("let area, m²"),
            "trade": env._("what the spaces are used for"),
            "brand": env._("name over the door"),
            "start": env._("first day"),
            "end": env._("last day"),
            "handover": env._("day of the handover"),
            "rent_free": env._("rent-free days"),
            "steps": env._("steps of the rent"),
            "cadence": env._("instalments and when they are due"),
            "turnover": env._("turnover rent"),
            "schedule": env._("table of instalments"),
            "total": env._("total in figures"),
            "total_words": env._("total in capital characters"),
            "deposit": env._("deposits in figures"),
            "deposit_words": env._("deposits in capital characters"),
            "terms": env._("further terms"),
        }

    @api.constrains("body")
    def _check_places(self):
        """Refuse places nobody can fill.

        :raise ValidationError: naming them
        """
        for template in self:
            unknown = set(PLACE.findall(template.body or "")) - self._labels().keys()
            if unknown:
                raise ValidationError(
                    self.env._(
                        "Nothing is known to fill in for %(places)s. Use the places listed beside.",
                        places=", ".join(sorted(f"{{{name}}}" for name in unknown)),
                    )
                )

    def _filled(self, lease):
        """Fill in what a lease says.

        :return: Markup; values are escaped
        """
        self.ensure_one()
        values = lease._contract_values()
        return Markup(  # noqa: S704  the body is sanitized, values are escaped
            PLACE.sub(lambda place: str(escape(values.get(place[1], ""))), self.body)
        )


class PropertyLease(models.Model):
    _inherit = "property.lease"

    template_id = fields.Many2one(
        "property.lease.template",
        string="Contract",
        ondelete="restrict",
        domain="[('company_id', '=', company_id), ('site_id', 'in', (site_id, False))]",
    )

    contract_text = fields.Html(
        string="Contract as Signed", readonly=True, copy=False, sanitize_attributes=False
    )

    def action_print(self):
        """Print the contract.

        :raise UserError: when no text of a contract is chosen nor known
        """
        self.ensure_one()
        self._contract_html()
        return self.env.ref("property_leasing.action_report_lease").report_action(self)

    def _contract_template(self):
        template = self._known_template()
        if not template:
            raise UserError(
                self.env._("There is no text of a contract. Write one in Contract Templates.")
            )
        return template

    def _known_template(self):
        self.ensure_one()
        return self.template_id or self.env["property.lease.template"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("site_id", "in", (self.site_id.id, False)),
            ],
            order="site_id, sequence",
            limit=1,
        )

    def _contract_html(self):
        """Return the contract in the company's language: as it was signed, else filled in now."""
        self.ensure_one()
        if self.contract_text:
            return self.contract_text
        lease = self.with_context(lang=self.company_id._billing_lang())
        return lease._contract_template()._filled(lease)

    def _contract_values(self):
        """Return dict place -> text or Markup."""
        self.ensure_one()
        env = self.env
        labels = {
            name: dict(self._fields[name]._description_selection(env))
            for name in ("cadence", "timing")
        }

        def day(value):
            return format_date(env, value, date_format="yyyy-MM-dd") if value else ""

        def table(name):
            return env["ir.qweb"]._render(f"property_leasing.contract_{name}", {"lease": self})

        deposit = sum(self.term_ids.mapped("amount"))
        free = [f"{day(row.date_from)} – {day(row.date_to)}" for row in self.rent_free_ids]
        return {
            "number": self.name,
            "landlord": self.company_id.name,
            "tenant": self.partner_id.name,
            "guarantor": self.guarantor_id.name or "",
            "site": self.site_id.name,
            "spaces": table("spaces"),
            "area": f"{self.area_total:.2f}",
            "trade": self.trade or "",
            "brand": self.brand or "",
            "start": day(self.date_from),
            "end": day(self.date_to),
            "handover": day(self.handover_date or self.date_from),
            "rent_free": "; ".join(free) or env._("none"),
            "steps": "; ".join(self.step_ids.mapped("display_name")) or env._("none"),
            "cadence": env._(
                "%(cadence)s, %(timing)s",
                cadence=labels["cadence"][self.cadence],
                timing=labels["timing"][self.timing],
            ),
            "turnover": "; ".join(self.turnover_term_ids.mapped("display_name")) or env._("none"),
            "schedule": table("schedule"),
            "total": formatLang(env, self.amount_total, digits=2),
            "total_words": an2cn(f"{self.amount_total:.2f}", "rmb"),
            "deposit": formatLang(env, deposit, digits=2),
            "deposit_words": an2cn(f"{deposit:.2f}", "rmb"),
            "terms": self.note or "",
        }
