from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.cipher import mask_phone, phone_digits


class ResPartner(models.Model):
    _inherit = "res.partner"

    occupancy_ids = fields.One2many("property.occupancy", "partner_id", string="Units and Roles")
    property_unit_ids = fields.Many2many(
        "property.unit",
        string="Current Units",
        compute="_compute_property_units",
        search="_search_property_unit_ids",
    )
    property_household_ids = fields.Many2many(
        "property.occupancy",
        string="Household",
        compute="_compute_property_units",
        help="Everybody who lives in or owns this person's current units.",
    )
    property_space_ids = fields.Many2many(
        "property.unit", string="Parking and Storage", compute="_compute_property_units"
    )
    property_unit_text = fields.Char(string="Units", compute="_compute_property_units")
    is_resident = fields.Boolean(
        compute="_compute_is_resident",
        compute_sudo=True,
        search="_search_is_resident",
        string="Resident",
    )
    vehicle_ids = fields.One2many("property.vehicle", "partner_id", string="Vehicles")
    phone_digits = fields.Char(
        compute="_compute_phone_digits", store=True, index="trigram", compute_sudo=True
    )
    phone_masked = fields.Char(compute="_compute_phone_masked", string="Phone (masked)")
    phone_shown = fields.Char(
        compute="_compute_phone_shown",
        compute_sudo=True,
        help="As lists show it: masked for residents, in full for suppliers and colleagues.",
    )
    is_phone_hidden = fields.Boolean(
        compute="_compute_is_phone_hidden",
        help="Staff see a resident's phone number on request only.",
    )

    # parts of names are looked for at counters; the index of the field itself knows beginnings only
    _name_trigram_index = models.Index(
        lambda registry: "USING gin (name gin_trgm_ops)" if registry.has_trigram else ""
    )

    @api.depends("phone")
    def _compute_phone_digits(self):
        for partner in self:
            partner.phone_digits = phone_digits(partner.phone) or False

    @api.depends("phone")
    def _compute_phone_masked(self):
        for partner in self:
            partner.phone_masked = mask_phone(partner.phone)

    @api.depends("phone", "is_resident")
    def _compute_phone_shown(self):
        for partner in self:
            partner.phone_shown = (
                mask_phone(partner.phone) if partner.is_resident else partner.phone
            )

    @api.depends("is_resident")
    @api.depends_context("uid")
    def _compute_is_phone_hidden(self):
        is_staff = self.env.user.has_group("property_base.group_staff")
        for partner in self:
            partner.is_phone_hidden = is_staff and partner.is_resident

    @api.depends("occupancy_ids.unit_id", "occupancy_ids.date_from", "occupancy_ids.date_to")
    def _compute_property_units(self):
        occupancies = self.env["property.occupancy"]
        current = occupancies._domain_current()
        mine = occupancies.search(current & Domain("partner_id", "in", self._origin.ids))
        household = occupancies.search(current & Domain("unit_id", "in", mine.unit_id.ids))
        units_by_partner = {
            partner: rows.unit_id for partner, rows in mine.grouped("partner_id").items()
        }
        none = self.env["property.unit"]
        for partner in self:
            units = units_by_partner.get(partner._origin, none)
            partner.property_unit_ids = units
            partner.property_household_ids = household.filtered(
                lambda row, units=units: row.unit_id in units
            )
            partner.property_space_ids = units.child_ids | units.filtered(
                lambda unit: unit.kind in ("parking", "storage")
            )
            partner.property_unit_text = ", ".join(units.mapped("code"))

    @api.model
    def _search_property_unit_ids(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        current = self.env["property.occupancy"]._domain_current()
        return Domain("occupancy_ids", "any", current & Domain("unit_id", operator, value))

    @api.depends("occupancy_ids")
    def _compute_is_resident(self):
        for partner in self:
            partner.is_resident = bool(partner.occupancy_ids)

    @api.model
    def _search_is_resident(self, operator, value):
        if operator != "in":
            return NotImplemented
        return (Domain("occupancy_ids", "!=", False) if True in value else Domain.FALSE) | (
            Domain("occupancy_ids", "=", False) if False in value else Domain.FALSE
        )

    @api.model
    def _search_display_name(self, operator, value):
        """Find people also by the tail of the phone number and by the code of their unit."""
        domain = super()._search_display_name(operator, value)
        if (
            operator not in ("ilike", "like")
            or not isinstance(value, str)
            or domain is NotImplemented
        ):
            return domain
        text = value.strip()
        digits = phone_digits(text)
        if len(digits) >= 4 and digits == text.replace(" ", "").replace("-", ""):
            domain = Domain(domain) | Domain("phone_digits", "=like", f"%{digits}")
        if len(text) >= 3 and any(char.isdigit() for char in text):
            current = self.env["property.occupancy"]._domain_current()
            domain = Domain(domain) | Domain(
                "occupancy_ids", "any", current & Domain("unit_id.code", "ilike", text)
            )
        return domain

    @api.model
    def _property_check_readable(self, vals_list):
        """Refuse to tie people of other sites to a record: that would make them readable.

        :param list vals_list: values with a ``partner_id``
        :raise AccessError: when the user does not see one of the people
        """
        ids = {vals["partner_id"] for vals in vals_list if vals.get("partner_id")}
        self.browse(ids).check_access("read")

    def action_reveal_phone(self):
        """Show the telephone number of a person to a member of staff, and log it.

        :return: notification action with the number and a link that dials it
        """
        self.ensure_one()
        self.check_access("read")
        self._property_check_staff()
        self.env["property.audit"]._log("unmask", self, after={"field": "phone"})
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "sticky": True,
                "title": self.name,
                "message": "%s" if self.phone else self.env._("No phone number is known."),
                "links": [{"label": self.phone, "url": f"tel:{phone_digits(self.phone)}"}]
                if self.phone
                else [],
            },
        }

    def action_edit_phone(self):
        """Open the telephone number of a person for correction, and log that it was shown.

        :return: action of a dialog with the number
        :raise AccessError: for who may not change contacts
        """
        self.ensure_one()
        self.check_access("write")
        self._property_check_staff()
        self.env["property.audit"]._log("unmask", self, after={"field": "phone"}, reason="edit")
        view = self.env.ref("property_base.res_partner_view_form_edit_phone")
        title = self.env._("Phone Number")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "res.partner",
            "res_id": self.id,
            "views": [(view.id, "form")],
            "target": "new",
        }

    def action_view_property_units(self):
        """Open the current units of a person."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("property_base.property_unit_action")
        action["domain"] = [("id", "in", self.property_unit_ids.ids)]
        action["context"] = {}
        if len(self.property_unit_ids) == 1:
            action["views"] = [(False, "form")]
            action["res_id"] = self.property_unit_ids.id
        return action
