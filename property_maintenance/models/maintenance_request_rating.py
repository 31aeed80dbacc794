from odoo import api, fields, models
from odoo.exceptions import UserError

DIMENSIONS = ("speed", "quality", "attitude")
STARS = range(1, 6)


class MaintenanceRequest(models.Model):
    """How the resident rates the work: three dimensions, their mean is the stock rating."""

    _inherit = "maintenance.request"

    rating_speed = fields.Integer(string="Speed", readonly=True, copy=False, aggregator="avg")
    rating_quality = fields.Integer(string="Quality", readonly=True, copy=False, aggregator="avg")
    rating_attitude = fields.Integer(string="Attitude", readonly=True, copy=False, aggregator="avg")
    rating_comment = fields.Text(string="Comment of the Resident", readonly=True, copy=False)
    rated_at = fields.Datetime(readonly=True, copy=False)

    _ratings_in_range = models.Constraint(
        "CHECK(COALESCE(rating_speed, 0) BETWEEN 0 AND 5"
        " AND COALESCE(rating_quality, 0) BETWEEN 0 AND 5"
        " AND COALESCE(rating_attitude, 0) BETWEEN 0 AND 5)",
        "Ratings are 1 to 5 stars.",
    )

    def action_rate(self, speed, quality, attitude, comment=None):
        """Rate the work, which also confirms it.

        :param int speed: 1 to 5
        :param int quality: 1 to 5
        :param int attitude: 1 to 5
        :param str comment: what the resident says
        """
        stars = self._stars_of(speed, quality, attitude)
        comment = comment.strip()[:2000] if isinstance(comment, str) else ""
        for request in self._begin("rate"):
            now = fields.Datetime.now()
            request._happen(
                "rate",
                {
                    **{f"rating_{name}": stars[name] for name in DIMENSIONS},
                    "rating_comment": comment or False,
                    "rated_at": now,
                    "confirmed_at": request.confirmed_at or now,
                },
                note=comment or False,
            )
            request._apply_stock_rating(sum(stars.values()) / len(stars), comment)
        return True

    @api.model
    def _stars_of(self, *values):
        """Return the stars by dimension.

        :raise UserError: when one is not a whole number from 1 to 5
        """
        if any(type(value) is not int or value not in STARS for value in values):
            raise UserError(self.env._("Give speed, quality and attitude 1 to 5 stars each."))
        return dict(zip(DIMENSIONS, values, strict=True))

    def _apply_stock_rating(self, value, comment):
        """Record the mean in the stock rating, without a second message to the staff."""
        # sudo: residents may not write ratings directly; the step was checked
        rating_sudo = (
            self.env["rating.rating"]
            .sudo()
            .create(
                {
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": self.id,
                    "partner_id": self.contact_id.id,
                    "rated_partner_id": self._rating_get_operator().id,
                    "rating": value,
                    "feedback": comment or False,
                    "consumed": True,
                }
            )
        )
        rating_sudo.flush_recordset()  # the mean on the request is read from the table

    def _rating_get_partner(self):
        """Override of `rating`: the resident who raised it rates."""
        return self.contact_id or super()._rating_get_partner()
