from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

BATCH = 100


class PropertyHandoverPost(models.Model):
    """A post that is never left alone: one guard hands it to the next."""

    _name = "property.handover.post"
    _description = "Post"
    _inherit = ["property.scoped", "mail.thread", "mail.activity.mixin"]
    _order = "site_id, sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    site_id = fields.Many2one("property.site", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [("gate", "Gate Post"), ("control_room", "Control Room"), ("patrol", "Patrol")],
        required=True,
        default="gate",
    )
    shift_hours = fields.Float(
        string="Longest Shift (hours)",
        default=12.0,
        required=True,
        help="A post that is not handed over in this time, and one hour more, is shown as missing.",
    )
    item_ids = fields.One2many(
        "property.handover.post.item", "post_id", string="Equipment", copy=True
    )
    handover_ids = fields.One2many("property.handover", "post_id", string="Hand-overs")
    last_id = fields.Many2one(
        "property.handover", string="Last Hand-over", compute="_compute_last_id", compute_sudo=True
    )
    holder_id = fields.Many2one(
        "hr.employee", string="On Duty", compute="_compute_last_id", compute_sudo=True
    )
    due_at = fields.Datetime(
        string="Hand-over Until", compute="_compute_last_id", compute_sudo=True
    )
    post_state = fields.Selection(
        [
            ("new", "Never Handed Over"),
            ("on_time", "In Order"),
            ("unsigned", "Not Signed Yet"),
            ("missing", "Hand-over Missing"),
        ],
        string="State",
        compute="_compute_last_id",
        compute_sudo=True,
        search="_search_post_state",
    )
    told_id = fields.Many2one(
        "property.handover",
        string="Managers Told After",
        readonly=True,
        copy=False,
        ondelete="set null",
    )

    _name_unique = models.UniqueIndex(
        "(site_id, name) WHERE active", "The site already has a post of this name."
    )
    _hours_positive = models.Constraint(
        "CHECK(shift_hours > 0)", "A shift is longer than no time at all."
    )

    @api.depends("handover_ids.state", "handover_ids.end_at", "shift_hours")
    def _compute_last_id(self):
        now = fields.Datetime.now()
        lasts = self._last_handovers()
        for post in self:
            last = lasts.get(post._origin, self.env["property.handover"])
            post.last_id = last
            post.holder_id = last.to_employee_id
            post.due_at = last and last.end_at + timedelta(hours=post.shift_hours + 1)
            if not last:
                post.post_state = "new"
            elif post.due_at < now:
                post.post_state = "missing"
            else:
                post.post_state = "on_time" if last.state == "taken" else "unsigned"

    def _last_handovers(self):
        """Return the last hand-over that was given at each post."""
        self.env["property.handover"].flush_model()
        ids = self._origin.ids
        if not ids:
            return {}
        self.env.cr.execute(
            """
            SELECT DISTINCT ON (post_id) id FROM property_handover
            WHERE post_id IN %s AND state <> 'draft' ORDER BY post_id, end_at DESC, id DESC
            """,
            [tuple(ids)],
        )
        lasts = self.env["property.handover"].browse(row[0] for row in self.env.cr.fetchall())
        return {last.post_id: last for last in lasts}

    def _search_post_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        posts = self.search([("active", "=", True)]).filtered(lambda post: post.post_state in value)
        return Domain("id", "in", posts.ids)

    def action_hand_over(self):
        """Begin a hand-over of the post, or go on with the one that was begun."""
        self.ensure_one()
        handovers = self.env["property.handover"]
        draft = handovers.search([("post_id", "=", self.id), ("state", "=", "draft")])
        draft = draft or handovers.create({"post_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.handover",
            "res_id": draft.id,
            "views": [(False, "form")],
        }

    @api.model
    def _cron_tell_missing(self):
        """Tell the managers of posts that nobody handed over in time; each miss once."""
        late = self.search([("handover_ids", "!=", False)]).filtered(
            lambda post: post.post_state == "missing" and post.told_id != post.last_id
        )
        cron = self.env["ir.cron"]
        while late:
            batch, late = late[:BATCH], late[BATCH:]
            for post in batch.try_lock_for_update(allow_referencing=True):
                post._tell_missing()
            if not cron._commit_progress(len(batch), remaining=len(late)):
                return

    def _tell_missing(self):
        self.ensure_one()
        self.told_id = self.last_id
        for user in self.site_id._managers_to_tell():
            post = self.with_context(lang=user.lang)
            post.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=user.id,
                summary=post.env._(
                    "%(post)s, %(site)s: the hand-over is missing",
                    post=post.name,
                    site=post.site_id.name,
                ),
            )

    def _field_post(self):
        """Describe a post to a phone."""
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "site": self.site_id.name,
            "site_id": self.site_id.id,
            "state": self.post_state,
            "holder": self.holder_id.sudo().name or "",  # a colleague's name
            "due_at": self.due_at
            and fields.Datetime.to_string(self.due_at).replace(" ", "T") + "Z",
            "items": [
                {"id": item.id, "name": item.name, "expected": item.expected}
                for item in self.item_ids
            ],
        }
