"""A site's price list (收费公示) and the ways from a site to its reports."""

from odoo import api, models
from odoo.fields import Domain

#: Columns of a price list.
PRICE_LIST = (
    "item",
    "category",
    "scope",
    "method",
    "price",
    "vat",
    "payer",
    "since",
    "legal",
)


class PropertySite(models.Model):
    _inherit = "property.site"

    def action_view_collection(self):
        """Open the collection rate of the site."""
        return self._action_open_report("property_billing.property_report_collection_action")

    def action_view_ageing(self):
        """Open the arrears of the site by age."""
        return self._action_open_report("property_billing.property_report_ageing_action")

    def _action_open_report(self, xmlid):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = [("site_id", "=", self.id)]
        return action

    @api.model
    def _price_list_labels(self):
        """Return the columns of a price list: list of (name, label)."""
        labels = (
            self.env._("Charge Item"),
            self.env._("Category"),
            self.env._("Applies to"),
            self.env._("How it is charged"),
            self.env._("Price"),
            self.env._("VAT"),
            self.env._("Payer"),
            self.env._("In force since"),
            self.env._("Legal Basis"),
        )
        return list(zip(PRICE_LIST, labels, strict=True))

    def _price_list(self, day=None):
        """Return the prices in force on a site.

        :param date day: today when left out
        :return: list of dict with the names of `_price_list_labels`
        """
        self.ensure_one()
        day = day or self.env["property.report"]._report_day("property_as_of")
        items = self.env["property.charge.item"].search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("site_id", "in", (False, self.id)),
            order="category, sequence, code, id",
        )
        tariffs = {
            tariff.item_id: tariff
            for tariff in self.env["property.tariff"].search(
                Domain("item_id", "in", items.ids)
                & Domain("date_from", "<=", day)
                & (Domain("date_to", "=", False) | Domain("date_to", ">=", day))
            )
        }
        return [
            self._price_list_row(item, tariffs.get(item, self.env["property.tariff"]))
            for item in items
            if item in tariffs or item.method == "allocated"
        ]

    def _price_list_row(self, item, tariff):
        def label(field):
            return dict(item._fields[field]._description_selection(self.env)).get(item[field])

        return dict(
            zip(
                PRICE_LIST,
                (
                    item.name,
                    label("category"),
                    "、".join(item.unit_type_ids.mapped("name")) or None,
                    label("method"),
                    self._price_list_price(item, tariff),
                    self._price_list_vat(tariff),
                    label("payer_role"),
                    tariff.date_from or None,
                    tariff.legal_basis or None,
                ),
                strict=True,
            )
        )

    def _price_list_vat(self, tariff):
        tax_sudo = tariff.tax_id.sudo()  # sudo: a price list names the VAT to every reader
        if not tax_sudo:
            return None
        rate = f"{tax_sudo.amount:g}"
        if tariff.price_include:
            return self.env._("%(rate)s%% included", rate=rate)
        return self.env._("%(rate)s%% on top", rate=rate)

    def _price_list_price(self, item, tariff):
        if item.method == "allocated" or not tariff:
            return self.env._("Actual cost, shared")
        if item.method == "one_off" and not tariff.price:
            return self.env._("As agreed, or as posted where it is used")
        units = {
            "area": self.env._("yuan per m² and month"),
            "fixed": self.env._("yuan per month"),
            "one_off": self.env._("yuan each time"),
        }
        unit = units.get(item.method, "")
        if item.method == "metered":
            unit = (
                self.env._("yuan per kWh")
                if item.meter_kind in ("electricity", "heat")
                else self.env._("yuan per m³")
            )
        return f"{tariff.price_text} {unit}".strip()

    @api.model
    def _price_list_day(self):
        """Return the day printed price lists are meant for."""
        return self.env["property.report"]._report_day("property_as_of")
