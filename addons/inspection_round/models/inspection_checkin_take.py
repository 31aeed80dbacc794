import base64
import hashlib
import json

from odoo import api, models
from odoo.fields import Command

from ..tools import checkin as kernel
from ..tools.codes import code_of, normalise_nfc
from ..tools.results import TEXT

ACCEPTED, REPEATED, CONFLICT = "accepted", "repeated", "conflict"
CONTENT = (
    *("device_at", "method", "code", "nfc", "latitude", "longitude", "accuracy"),
    *("note", "device", "files"),
)


class InspectionCheckin(models.Model):
    """How check-ins are taken: each once, judged, and none dropped."""

    _inherit = "inspection.checkin"

    @api.model
    def _take(self, values_list):
        """Take check-ins of devices; taken again, nothing happens.

        The same number with other content is kept beside the first one, for a human to decide.
        Access is for the caller to check.

        :param values_list: list of dicts with ``uuid``, ``round`` (inspection.round),
            ``checkpoint`` (inspection.checkpoint), ``employee`` (hr.employee), ``method``,
            ``device_at`` and ``received_at`` (naive UTC datetimes), and as far as known
            ``clock_skew`` (seconds), ``code``, ``nfc``, ``latitude``, ``longitude`` (degrees),
            ``accuracy`` (metres), ``device``, ``note``, ``files`` (list of sha256), ``contents``
            ({sha256: bytes} of all photos), ``results`` (list of dicts with ``item``
            (inspection.item), ``value`` as the kernel reads it, ``note``, ``files``)
        :return: list of (check-in, "accepted", "repeated" or "conflict"), in the order given
        """
        digests = [self._digest(values) for values in values_list]
        pairs = list(zip(values_list, digests, strict=True))
        known = self._known_by_uuid({values["uuid"] for values in values_list})
        new = {}
        for values, digest in pairs:
            if values["uuid"] not in known:
                new.setdefault(values["uuid"], (values, digest))
        firsts = self._create_taken([(*pair, False) for pair in new.values()])
        for checkin in firsts:
            known[checkin.uuid] = {checkin.digest: checkin}
        others = {}
        for values, digest in pairs:
            if digest not in known[values["uuid"]]:
                first = next(
                    one for one in known[values["uuid"]].values() if not one.conflict_of_id
                )
                others.setdefault((values["uuid"], digest), (values, digest, first.id))
        for checkin in self._create_taken(list(others.values())):
            known[checkin.uuid][checkin.digest] = checkin
        firsts._settle()
        return self._outcomes(pairs, known, firsts)

    def _outcomes(self, pairs, known, firsts):
        """Tell what became of each, the first of a number being accepted once."""
        fresh, result = set(firsts.ids), []
        for values, digest in pairs:
            checkin = known[values["uuid"]][digest]
            if checkin.conflict_of_id:
                status = CONFLICT
            else:
                status = ACCEPTED if checkin.id in fresh else REPEATED
                fresh.discard(checkin.id)
            result.append((checkin, status))
        return result

    def _known_by_uuid(self, uuids):
        """Find what was taken before: {uuid: {digest: check-in}}."""
        known = {}
        for checkin in self.sudo().search([("uuid", "in", list(uuids))]):  # whoever sent it
            known.setdefault(checkin.uuid, {})[checkin.digest] = checkin.sudo(False)
        return known

    @api.model
    def _digest(self, values):
        """Sum up the content of a check-in."""
        content = {name: values.get(name) or None for name in CONTENT}
        content["round"] = values["round"].id
        content["checkpoint"] = values["checkpoint"].id
        content["employee"] = values["employee"].id
        content["results"] = [
            [one["item"].id, one["value"], one.get("note") or "", one.get("files") or []]
            for one in values.get("results") or []
        ]
        text = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def _create_taken(self, taken):
        """Create check-ins with what each tells by itself.

        :param taken: list of (values, digest, id of the check-in that came first, or False)
        """
        seen = self._seen_photos([values for values, _digest, _first in taken])
        vals_list = []
        for values, digest, first in taken:
            vals = self._prepare_taken_vals(values, seen)
            vals_list.append({**vals, "digest": digest, "conflict_of_id": first})
            seen.update(_all_files(values))
        created = self.sudo().create(vals_list)  # devices tell them; nobody has the right
        self._create_photos(created, [values for values, _digest, _first in taken])
        return created.sudo(False)

    def _seen_photos(self, values_list):
        """Return those photos that came with another check-in."""
        files = {digest for values in values_list for digest in _all_files(values)}
        if not files:
            return set()
        photos_sudo = self.env["inspection.photo"].sudo()  # of whomever
        uuids = [values["uuid"] for values in values_list]
        domain = [("sha256", "in", list(files)), ("checkin_id.uuid", "not in", uuids)]
        return set(photos_sudo.search(domain).mapped("sha256"))

    def _prepare_taken_vals(self, values, seen):
        """Return the values of a check-in.

        :param seen: set of sha256 of photos that came before
        """
        skew = values.get("clock_skew") or 0
        has_fix = values.get("latitude") is not None
        at = kernel.true_time(values["device_at"], skew, values["received_at"])
        flags = self._own_flags(values, at, seen)
        results = self.env["inspection.result"]
        return {
            "uuid": values["uuid"],
            "round_id": values["round"].id,
            "checkpoint_id": values["checkpoint"].id,
            "employee_id": values["employee"].id,
            "checked_at": at,
            "device_at": values["device_at"],
            "received_at": values["received_at"],
            "clock_skew": skew,
            "method": values["method"],
            "has_fix": has_fix,
            "latitude": values.get("latitude") or 0.0,
            "longitude": values.get("longitude") or 0.0,
            "accuracy": values.get("accuracy") or 0.0,
            "distance": self._distance(values),
            "device": values.get("device"),
            "note": values.get("note"),
            "flag_ids": [Command.set(self.env["inspection.flag"]._ids_of(flags))],
            "result_ids": [
                Command.create(results._prepare_vals(one["item"], one["value"], one.get("note")))
                for one in values.get("results") or []
            ],
        }

    def _own_flags(self, values, at, seen):
        """Judge a check-in by itself.

        :param at: naive UTC datetime, the clock's error taken out
        :return: set of codes
        """
        one_sudo = values["round"].sudo()  # the caller has checked access
        point = values["checkpoint"].sudo()._point()
        flags = kernel.judge_place(point, _fix(values))
        flags |= kernel.judge_time(
            at, one_sudo.open_at, one_sudo.deadline_at, values.get("clock_skew") or 0
        )
        checks = {
            "weak_method": values["method"] in kernel.WEAK,
            "wrong_code": self._is_wrong_code(values),
            "duplicate_photo": bool(seen & set(_all_files(values))),
            "results_missing": self._has_gaps(values),
            "stranger": not one_sudo._may_walk(values["employee"]),
        }
        return flags | {code for code, holds in checks.items() if holds}

    def _is_wrong_code(self, values):
        """Say whether what was scanned is not the checkpoint's."""
        point_sudo = values["checkpoint"].sudo()  # the caller has checked access
        code, nfc = values.get("code"), values.get("nfc")
        if code and code_of(code) != point_sudo.code:
            return True
        if nfc:
            try:
                return normalise_nfc(nfc) != point_sudo.nfc_uid
            except ValueError:
                return True
        return values["method"] in ("qr", "nfc") and not code

    def _has_gaps(self, values):
        """Say whether a required answer or photo is missing."""
        given = {one["item"].id: one for one in values.get("results") or []}
        for item_sudo in values["checkpoint"].sudo().item_ids:
            one = given.get(item_sudo.id)
            wants_photo = item_sudo.needs_photo or item_sudo.item_type == "photo"
            if one is None and item_sudo.is_required:
                return True
            if one is not None and wants_photo and not one.get("files"):
                return True
            if item_sudo.item_type == TEXT and item_sudo.is_required and not one["value"]:
                return True
        return False

    def _distance(self, values):
        point, fix = values["checkpoint"].sudo()._point(), _fix(values)
        return round(kernel.distance(point, fix)) if point and fix else 0

    def _create_photos(self, created, values_list):
        """Keep the photos of check-ins; those of an answer hang on it."""
        vals_list = []
        for checkin, values in zip(created, values_list, strict=True):
            contents = values.get("contents") or {}
            by_item = {
                digest: one["item"].id
                for one in values.get("results") or []
                for digest in one.get("files") or []
            }
            result_ids = {result.item_id.id: result.id for result in checkin.result_ids}
            vals_list += [
                {
                    "checkin_id": checkin.id,
                    "result_id": result_ids.get(by_item.get(digest)),
                    "sha256": digest,
                    "image": base64.b64encode(contents[digest]),
                }
                for digest in _all_files(values)
                if digest in contents
            ]
        self.env["inspection.photo"].sudo().create(vals_list)  # part of the check-in

    def _settle(self):
        """Begin the rounds of check-ins, judge their order and tell what is abnormal."""
        checkins_sudo = self.sudo()  # the caller has checked access
        for one_sudo, mine_sudo in checkins_sudo.grouped("round_id").items():
            first = min(mine_sudo, key=lambda checkin: checkin.checked_at)
            one_sudo._begin(first.employee_id, first.checked_at)
        checkins_sudo.round_id.checkin_ids._judge_order()
        abnormal_sudo = checkins_sudo.result_ids.filtered("is_abnormal")
        if abnormal_sudo:
            abnormal_sudo._on_abnormal()

    def _judge_order(self):
        """Judge all check-ins of rounds among each other, by when they were made.

        A phone may send them in another order, so each new one may change the others.
        """
        flags = self.env["inspection.flag"]
        by_order = set(flags._ids_of(kernel.BY_ORDER))
        changed = {}
        for one, checkins in self.grouped("round_id").items():
            counted = checkins.filtered(lambda checkin: checkin._is_counted())
            visits = [checkin._visit() for checkin in counted]
            for checkin, codes in kernel.judge_order(visits, one.route_id.is_strict).items():
                before = set(checkin.flag_ids.ids)
                after = (before - by_order) | set(flags._ids_of(codes))
                if after != before:
                    changed.setdefault(frozenset(after), self.browse())
                    changed[frozenset(after)] |= checkin
        for ids, checkins in changed.items():
            checkins.write({"flag_ids": [Command.set(sorted(ids))]})

    def _is_counted(self):
        """Say whether it is a check-in of its own, and not something else under its number."""
        self.ensure_one()
        return not self.conflict_of_id or self.decision == "accepted"

    def _visit(self):
        """Return a check-in as the kernel judges its order."""
        self.ensure_one()
        point = self.checkpoint_id
        position = (point.sequence, point.id)
        return kernel.Visit(self, point.id, position, point._minutes(), self.checked_at)


def _fix(values):
    if values.get("latitude") is None:
        return None
    return kernel.Fix(values["latitude"], values["longitude"], values.get("accuracy"))


def _all_files(values):
    """List the photos of a check-in and of its answers, each once."""
    own = list(values.get("files") or [])
    for one in values.get("results") or []:
        own += one.get("files") or []
    return list(dict.fromkeys(own))
