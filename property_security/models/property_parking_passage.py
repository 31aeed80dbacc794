from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.pairing import Read, believed_time
from .parking_class import CATEGORIES, PLATE_COLORS


class PropertyParkingPassage(models.Model):
    """A plate read at a lane, and what the gate was told."""

    _name = "property.parking.passage"
    _description = "Gate Passage"
    _inherit = ["property.parking.scoped"]
    _order = "at desc, id desc"
    _rec_name = "plate"

    lane_id = fields.Many2one(
        "property.parking.lane", required=True, index=True, ondelete="restrict", readonly=True
    )
    area_id = fields.Many2one(related="lane_id.area_id", store=True, index=True, precompute=True)
    site_id = fields.Many2one(related="lane_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(related="lane_id.company_id", store=True, precompute=True)
    key = fields.Char(
        string="Message", required=True, readonly=True, help="Names the message of the device."
    )
    plate = fields.Char(required=True, readonly=True, index=True)
    plate_color = fields.Selection(PLATE_COLORS, readonly=True, help="As the camera saw it.")
    direction = fields.Selection([("in", "In"), ("out", "Out")], required=True, readonly=True)
    at = fields.Datetime(string="Time", required=True, readonly=True, index=True)
    received_at = fields.Datetime(required=True, readonly=True)
    counted_at = fields.Datetime(
        required=True,
        readonly=True,
        help="The time of the device, or ours where its clock is wrong.",
    )
    source = fields.Selection(
        [("live", "Camera"), ("upload", "Uploaded later"), ("manual", "By hand")],
        required=True,
        default="live",
        readonly=True,
    )
    confidence = fields.Float(string="Confidence (%)", default=100.0, readonly=True)
    session_id = fields.Many2one(
        "property.parking.session",
        string="Stay",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    action = fields.Selection(
        [
            ("open", "Let through"),
            ("confirm", "Guard confirms"),
            ("pay", "Pays first"),
            ("refuse", "Refused"),
        ],
        readonly=True,
    )
    category = fields.Selection(CATEGORIES, string="Came As", readonly=True)
    reason = fields.Selection(
        [
            ("black_list", "On the black list"),
            ("white_list", "On the white list"),
            ("pass", "Valid pass"),
            ("grace", "Monthly card in grace"),
            ("visit", "Booked visit"),
            ("temporary", "Temporary parking"),
            ("space_taken", "Temporary: the space of the pass is taken"),
            ("no_temporary", "No temporary parking here"),
            ("not_sure", "Plate not read with certainty"),
            ("unseen", "No plate, and no device has seen a car"),
            ("leaving", "On the way out"),
            ("unpaid", "Fee not paid yet"),
        ],
        readonly=True,
    )
    plate_read = fields.Char(
        readonly=True, help="What the camera read, where the guard has corrected it."
    )
    confirmed_uid = fields.Many2one(
        "res.users", string="Confirmed By", readonly=True, ondelete="set null"
    )
    confirmed_at = fields.Datetime(readonly=True)
    anomaly_ids = fields.One2many("property.parking.anomaly", "passage_id", string="Anomalies")

    _key_unique = models.UniqueIndex("(area_id, key)")
    _of_plate = models.Index("(area_id, plate, counted_at)")

    @api.model
    def _take(self, lane, reads):
        """Take what a device read at a lane, or uploads later; the same again changes nothing.

        :param lane: property.parking.lane
        :param list reads: dicts with `key` (names the message in the area), `plate`, and where
            known `at` (UTC), `confidence` (percent), `plate_color`, `source`
        :return: the passages, one for each key, in the order given
        :raise UserError: when a read has no key or plate; then nothing is written
        """
        lane.ensure_one()
        rows = [self._prepare_passage_vals(lane, read) for read in reads]
        domain = [("area_id", "=", lane.area_id.id), ("key", "in", [row["key"] for row in rows])]
        known = {passage.key: passage for passage in self.search(domain)}
        self.env["property.parking.presence"]._meet(lane.area_id, [row["plate"] for row in rows])
        fresh, again = {}, []
        for row, read in zip(rows, reads, strict=True):
            if row["key"] in known or row["key"] in fresh:
                again.append(row if read.get("at") else {**row, "at": None})
            else:
                fresh[row["key"]] = row
        created = self.create(list(fresh.values()))
        known.update({passage.key: passage for passage in created})
        created._decide()
        created._pair()
        self._note_repeated([(known[row["key"]], row) for row in again])
        return self.browse([known[row["key"]].id for row in rows])

    @api.model
    def _prepare_passage_vals(self, lane, read):
        plate = self.env["property.vehicle"]._normalise_plate(read.get("plate") or "")
        if not plate or not read.get("key"):
            raise UserError(
                self.env._("A passage needs a plate and a message number. Send both, then again.")
            )
        now = fields.Datetime.now()
        at, received_at = read.get("at") or now, read.get("received_at") or now
        source, color = read.get("source", "live"), read.get("plate_color")
        told = Read("", lane.direction, at, received_at, source == "live")
        return {
            "lane_id": lane.id,
            "direction": lane.direction,
            "key": str(read["key"]),
            "plate": plate,
            "plate_color": color if color in dict(PLATE_COLORS) else False,
            "at": at,
            "received_at": received_at,
            "counted_at": believed_time(told, lane.area_id._pairing_limits()),
            "confidence": read.get("confidence", 100.0),
            "source": source,
        }

    @api.model
    def _note_repeated(self, repeated):
        """Record what came again under a known key: one anomaly a passage, counted."""
        kinds = {"replay": self.browse(), "conflict": self.browse()}
        for passage, row in repeated:
            told = (passage.plate_read or passage.plate, passage.direction, passage.at)
            same = told == (row["plate"], row["direction"], row["at"] or passage.at)
            kinds["replay" if same else "conflict"] |= passage
        for kind, passages in kinds.items():
            known = passages.anomaly_ids.filtered(lambda odd, kind=kind: odd.kind == kind)
            for times, anomalies in known.grouped("times").items():
                anomalies.times = times + 1
            (passages - known.passage_id)._add_anomalies(kind)

    def _add_anomalies(self, kind):
        return self.env["property.parking.anomaly"].create(
            [{"passage_id": passage.id, "kind": kind} for passage in self]
        )
