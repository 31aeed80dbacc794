from odoo import api, fields, models


class PropertyEquipmentClass(models.Model):
    """What a piece of equipment is; it takes life, certificates and checklist from here."""

    _name = "property.equipment.class"
    _description = "Equipment Class"
    _parent_store = True
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    display_name = fields.Char(recursive=True)
    code = fields.Char(required=True, help="Short code inside asset codes, such as DT for lifts.")
    parent_id = fields.Many2one(
        "property.equipment.class", string="Part of", index=True, ondelete="restrict"
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("property.equipment.class", "parent_id", string="Subclasses")
    sequence = fields.Integer(default=10)
    icon = fields.Char(
        default="fa-cog", help="Icon of the card, a Font Awesome name such as fa-tint."
    )
    active = fields.Boolean(default=True)
    life_years = fields.Integer(
        string="Usual Life (years)", help="Years of use that new equipment starts with; 0: unknown."
    )
    certificate_kind_ids = fields.Many2many(
        "property.certificate.kind",
        string="Certificates Needed",
        help="Certificates that all equipment of this class must have.",
    )
    task_ids = fields.One2many(
        "property.upkeep.task",
        "class_id",
        string="Checklist",
        copy=True,
        help="Tasks that new maintenance plans for this class start with.",
    )
    equipment_count = fields.Integer(compute="_compute_equipment_count")

    _code_unique = models.Constraint(
        "UNIQUE(code)", "Another class already has this code. Choose a different one."
    )
    _life_not_negative = models.Constraint(
        "CHECK(life_years >= 0)", "The usual life cannot be negative. Enter years, or 0."
    )

    @api.depends("name", "parent_id.display_name")
    def _compute_display_name(self):
        for one in self:
            parts = (one.parent_id.display_name, one.name)
            one.display_name = " / ".join(part for part in parts if part)

    def _compute_equipment_count(self):
        counts = dict(
            self.env["maintenance.equipment"]._read_group(
                [("class_id", "in", self.ids)], ["class_id"], ["__count"]
            )
        )
        for one in self:
            one.equipment_count = counts.get(one, 0)

    def _needed_certificates(self):
        """Return the kinds of certificate this class and those above it need."""
        self.ensure_one()
        chain = self.browse(int(part) for part in (self.parent_path or "").split("/") if part)
        return (chain | self).certificate_kind_ids

    def action_view_equipment(self):
        """Open the equipment of the class."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_maintenance.maintenance_equipment_action"
        )
        return {
            **action,
            "domain": [("class_id", "child_of", self.id)],
            "context": {"default_class_id": self.id},
        }
