from odoo import api, fields, models


class MaintenanceEquipment(models.Model):
    """Plans, gauges and requests of equipment, with their counts and costs."""

    _inherit = "maintenance.equipment"

    plan_ids = fields.One2many("property.upkeep.plan", "equipment_id", string="Maintenance Plans")
    plan_count = fields.Integer(compute="_compute_plan_count")
    gauge_ids = fields.One2many("property.equipment.gauge", "equipment_id", string="Gauges")
    reading_count = fields.Integer(compute="_compute_reading_count")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_cost = fields.Monetary(
        string="Spent on Work",
        compute="_compute_amount_cost",
        groups="property_base.group_manager,property_base.group_finance",
        help="Material and labour of all requests about this equipment.",
    )

    @api.depends("plan_ids")
    def _compute_plan_count(self):
        counts = self._count_of("property.upkeep.plan")
        for equipment in self:
            equipment.plan_count = counts.get(equipment._origin.id, 0)

    @api.depends("gauge_ids.reading_ids")
    def _compute_reading_count(self):
        counts = self._count_of("property.equipment.reading")
        for equipment in self:
            equipment.reading_count = counts.get(equipment._origin.id, 0)

    def _count_of(self, model):
        rows = self.env[model]._read_group(
            [("equipment_id", "in", self._origin.ids)], ["equipment_id"], ["__count"]
        )
        return {equipment.id: count for equipment, count in rows}

    @api.depends("maintenance_ids.amount_cost")
    def _compute_amount_cost(self):
        # sudo: what equipment costs counts all its requests, also those the user may not open
        rows = (
            self.env["maintenance.request"]
            .sudo()
            ._read_group(
                [("equipment_id", "in", self._origin.ids)], ["equipment_id"], ["amount_cost:sum"]
            )
        )
        amounts = {equipment.id: amount for equipment, amount in rows}
        for equipment in self:
            equipment.amount_cost = amounts.get(equipment._origin.id, 0.0)

    def _team(self):
        """Return the team that works on this equipment: its own, or the first of its company."""
        self.ensure_one()
        requests = self.env["maintenance.request"].with_company(self.company_id)
        team_id = self.maintenance_team_id.id or requests._get_default_team_id()
        return self.env["maintenance.team"].browse(team_id)

    def action_view_plans(self):
        """Open the maintenance plans of this equipment."""
        self.ensure_one()
        return self._action_open(
            "property_maintenance.property_upkeep_plan_action",
            [("equipment_id", "=", self.id)],
            {"default_equipment_id": self.id},
        )

    def action_view_readings(self):
        """Open the gauges of this equipment with their readings."""
        self.ensure_one()
        return self._action_open(
            "property_maintenance.property_equipment_gauge_action",
            [("equipment_id", "=", self.id)],
            {"default_equipment_id": self.id},
        )

    def action_raise_request(self):
        """Open the form of a new request about this equipment."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Request"),
            "res_model": "maintenance.request",
            "view_mode": "form",
            "context": {
                "default_equipment_id": self.id,
                "default_site_id": self.site_id.id,
                "default_unit_id": self.unit_id.id,
                "default_place": self.place_shown,
                "default_kind": "repair",
            },
        }
