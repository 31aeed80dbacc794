from odoo import fields, models

BATCH = 200


class PropertyPatrolWandLine(models.Model):
    """A row of a file: a card that a wand read, and what became of it."""

    _name = "property.patrol.wand.line"
    _description = "Row of a Wand File"
    _order = "file_id desc, number, id"
    _rec_name = "text"

    file_id = fields.Many2one(
        "property.patrol.wand.file", required=True, index=True, readonly=True, ondelete="cascade"
    )
    site_id = fields.Many2one(related="file_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="file_id.company_id", store=True, index=True)
    number = fields.Integer(string="Row", readonly=True, aggregator=None)
    text = fields.Char(string="As in the File", readonly=True)
    device = fields.Char(readonly=True)
    card = fields.Char(readonly=True)
    local_at = fields.Char(string="Time of the Wand", readonly=True)
    fault_code = fields.Char(readonly=True)
    key = fields.Char(
        readonly=True, index=True, help="Number of the check-in: the same reading has the same."
    )
    wand_id = fields.Many2one("property.patrol.wand", readonly=True)
    employee_id = fields.Many2one("hr.employee", string="Guard", readonly=True)
    checkpoint_id = fields.Many2one("inspection.checkpoint", string="Point", readonly=True)
    round_id = fields.Many2one("inspection.round", string="Patrol", readonly=True)
    checkin_id = fields.Many2one("inspection.checkin", string="Check-in", readonly=True)
    state = fields.Selection(
        [
            ("ready", "Ready"),
            ("taken", "Taken"),
            ("duplicate", "Known Already"),
            ("refused", "Not Taken"),
        ],
        readonly=True,
        required=True,
        default="refused",
        index=True,
    )
    fault = fields.Char(string="Why Not", readonly=True)

    def _take(self):
        """Take rows that were judged to be ready as check-ins, and finish patrols that are whole.

        A wand knows no end of a patrol: it is over when its last point was visited.
        """
        for start in range(0, len(self), BATCH):
            self[start : start + BATCH]._take_batch()
        whole_sudo = self.sudo().round_id.filtered(  # who may take files ends what they tell
            lambda one: not one.finished_at and 0 < one.required_count <= one.valid_count
        )
        for one_sudo in whole_sudo:
            one_sudo._finish(max(one_sudo.checkin_ids.mapped("checked_at")))

    def _take_batch(self):
        now = fields.Datetime.now()
        taken = self.env["inspection.checkin"]._take([line._prepare_taken(now) for line in self])
        for line_sudo, (checkin, status) in zip(self.sudo(), taken, strict=True):  # see _judge
            line_sudo.write(
                {
                    "checkin_id": checkin.id,
                    "state": "taken" if status == "accepted" else "duplicate",
                    "fault": False,
                }
            )

    def _prepare_taken(self, now):
        """Return a row as `inspection_round` takes check-ins.

        :param now: naive UTC datetime
        """
        self.ensure_one()
        return {
            "uuid": self.key,
            "round": self.round_id,
            "checkpoint": self.checkpoint_id,
            "employee": self.employee_id,
            "method": "reader",
            "device_at": self._device_at(),
            "received_at": now,
            "clock_skew": self.wand_id.clock_offset,
            "device": self.wand_id.number,
        }
