from odoo import fields, models


class MaintenanceRequest(models.Model):
    """A request that came from an inspection: one for each defect while it is open."""

    _inherit = "maintenance.request"

    inspection_checkpoint_id = fields.Many2one(
        "inspection.checkpoint",
        string="Found at",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    inspection_item_id = fields.Many2one(
        "inspection.item",
        string="Checked",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    inspection_result_id = fields.Many2one(
        "inspection.result", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    inspection_seen_count = fields.Integer(
        string="Seen Again",
        readonly=True,
        copy=False,
        help="How often further inspections found the same while the request was open.",
    )

    def _see_again(self, result):
        """Note that a further inspection found the same.

        :param result: inspection.result
        """
        self.ensure_one()
        self.inspection_seen_count += 1
        self.message_post(body=result._defect_text(), message_type="notification")
