"""Metered charges stand on readings, and on earlier charges of the same meter."""

from odoo import api, fields, models


class PropertyCharge(models.Model):
    _inherit = "property.charge"

    is_estimated = fields.Boolean(
        string="On an Estimate",
        compute="_compute_is_estimated",
        store=True,
        precompute=True,
        help="The closing reading was estimated; the next real one settles this charge.",
    )

    _open_estimates = models.Index("(site_id, fee_id) WHERE is_estimated")

    @api.depends("basis")
    def _compute_is_estimated(self):
        for charge in self:
            charge.is_estimated = bool((charge.basis or {}).get("estimated"))

    def _billed_readings(self):
        """Return the readings a metered charge stands on: ids, or (meter id, day) of old ones."""
        self.ensure_one()
        basis = self.basis or {}
        if basis.get("kind") != "meter":
            return set()
        if "reading_ids" in basis:
            return set(basis["reading_ids"])
        return {(self.meter_id.id, basis[key][0]) for key in ("opening", "closing")}

    def _counted_charges(self):
        """Return the ids of the earlier charges this one settles or counts in its tiers."""
        self.ensure_one()
        basis = self.basis or {}
        return {row["charge"] for row in basis.get("billed") or ()} | set(
            basis.get("counted") or ()
        )

    def _meter_photos(self):
        """Return the readings with a photo that each charge stands on.

        :return: dict charge -> property.meter.reading in superuser mode, oldest first
        """
        ids = {
            charge: {one for one in charge._billed_readings() if isinstance(one, int)}
            for charge in self
        }
        wanted = set().union(*ids.values())
        # sudo: whoever may see the charge may see the photos of its readings, and nothing else
        readings_sudo = self.env["property.meter.reading"].sudo()
        if wanted:
            readings_sudo = readings_sudo.search_fetch(
                [("id", "in", list(wanted)), ("has_photo", "=", True)],
                ["meter_id", "date", "value"],
                order="date, id",
            )
        return {
            charge: readings_sudo.filtered(lambda reading, mine=mine: reading.id in mine)
            for charge, mine in ids.items()
        }
