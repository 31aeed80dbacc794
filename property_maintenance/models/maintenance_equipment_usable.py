from odoo import api, fields, models
from odoo.fields import Domain

from .property_certificate_kind import STANDINGS

#: States in which equipment may be used at all.
USABLE_STATES = ("in_use", "standby")


class MaintenanceEquipment(models.Model):
    _inherit = "maintenance.equipment"

    certificate_ids = fields.One2many(
        "property.equipment.certificate", "equipment_id", string="Certificates"
    )
    certificate_standing = fields.Selection(
        STANDINGS,
        string="Certificate State",
        compute="_compute_certificate_standing",
        search="_search_certificate_standing",
        help="The worst of the certificates that count.",
    )
    certificate_expiry_date = fields.Date(
        string="Next Expiry", compute="_compute_certificate_standing"
    )
    certificate_count = fields.Integer(compute="_compute_certificate_standing")
    is_usable = fields.Boolean(
        string="May Be Used",
        compute="_compute_is_usable",
        search="_search_is_usable",
        help="Neither faulty nor scrapped, and no certificate that forbids use has lapsed.",
    )
    unusable_reason = fields.Char(compute="_compute_is_usable")
    missing_kind_ids = fields.Many2many(
        "property.certificate.kind",
        string="Missing Certificates",
        compute="_compute_missing_kind_ids",
    )

    @api.depends("certificate_ids.expiry_date", "certificate_ids.is_latest")
    def _compute_certificate_standing(self):
        order = [name for name, _label in STANDINGS]
        for equipment in self:
            latest = equipment.certificate_ids.filtered("is_latest")
            worst = latest.sorted(lambda one: order.index(one.standing or "valid"))[:1]
            equipment.certificate_count = len(latest)
            equipment.certificate_standing = worst.standing
            equipment.certificate_expiry_date = min(
                latest.filtered("expiry_date").mapped("expiry_date"), default=False
            )

    def _search_certificate_standing(self, operator, value):
        if operator != "in":
            return NotImplemented
        certificates = self.env["property.equipment.certificate"]
        domain, better = Domain.FALSE, Domain.FALSE
        for name, _label in STANDINGS:
            has = Domain("certificate_ids", "any", certificates._standing_domain(name))
            if name in value:
                domain |= has & ~better
            better |= has
        if False in value:
            domain |= ~Domain("certificate_ids.is_latest", "=", True)
        return domain

    @api.depends(
        "state",
        "site_id",
        "certificate_ids.expiry_date",
        "certificate_ids.is_latest",
        "certificate_ids.kind_id.forbids_use",
    )
    @api.depends_context("lang")
    def _compute_is_usable(self):
        today = fields.Date.context_today(self)
        states = dict(self._fields["state"]._description_selection(self.env))
        for equipment in self:
            lapsed = equipment.certificate_ids.filtered(
                lambda one: (
                    one.is_latest
                    and one.kind_id.forbids_use
                    and one.expiry_date
                    and one.expiry_date < today
                )
            )
            reasons = [
                self.env._("%(kind)s lapsed on %(day)s", kind=one.kind_id.name, day=one.expiry_date)
                for one in lapsed
            ]
            if equipment.state not in USABLE_STATES:
                reasons.insert(0, states.get(equipment.state, ""))
            equipment.is_usable = not reasons
            equipment.unusable_reason = " · ".join(reasons)

    def _search_is_usable(self, operator, value):
        if operator != "in":
            return NotImplemented
        usable = Domain("state", "in", USABLE_STATES) & ~Domain(
            "certificate_ids",
            "any",
            [
                ("is_latest", "=", True),
                ("kind_id.forbids_use", "=", True),
                ("expiry_date", "<", fields.Date.context_today(self)),
            ],
        )
        return usable if True in value else ~usable

    @api.depends("class_id", "certificate_ids.kind_id", "certificate_ids.active")
    def _compute_missing_kind_ids(self):
        needed = {one: one._needed_certificates() for one in self.class_id}
        for equipment in self:
            kinds = needed.get(equipment.class_id, self.env["property.certificate.kind"])
            equipment.missing_kind_ids = kinds - equipment.certificate_ids.kind_id

    def action_view_certificates(self):
        """Open the certificates of this equipment."""
        self.ensure_one()
        return self._action_open(
            "property_maintenance.property_equipment_certificate_action",
            [("equipment_id", "=", self.id)],
            {"default_equipment_id": self.id},
        )
