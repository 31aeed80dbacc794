"""Billing time-based fees: by area, per head or space, fixed, by formula; see ``billing_batch``."""

from datetime import date, timedelta
from itertools import pairwise

from ..tools import plan, shares
from ..tools.formula import FormulaError, names
from ..tools.payers import merge_payers
from ..tools.periods import subtract
from ..tools.proration import days, months
from ..tools.rounding import to_decimal
from ..tools.tariffs import tariff_segments
from .billing_time_problems import BillingTimeProblems

DAY = timedelta(days=1)
AREAS = {"billable": "area_billable", "gross": "area_gross", "net": "area_net"}
COUNTED = {"persons": "person", "spaces": "space", "vehicles": "vehicle"}


class BillingTime(BillingTimeProblems):
    """The part of a billing batch that bills days."""

    def _bill_time(self, fee, item):
        spans = self.facts.due_spans(fee, item)
        if not spans or not self._can_measure(fee, item):
            return
        self._warn_cut_month(fee, item, spans)
        for first, last, is_missed in spans:
            self._bill_span(fee, item, (first, last), is_missed)

    def _can_measure(self, fee, item):
        """Report a fee by area on a unit without that area."""
        unit = self.facts.units[fee["unit_id"]]
        if item["method"] != "area" or unit[AREAS[item["base"]]]:
            return True
        texts = {
            "billable": self.env._(
                "Unit %(unit)s has no billable area. Enter it on the unit, then compute again.",
                unit=unit["code"],
            ),
            "gross": self.env._(
                "Unit %(unit)s has no gross area. Enter it on the unit, then compute again.",
                unit=unit["code"],
            ),
            "net": self.env._(
                "Unit %(unit)s has no net area. Enter it on the unit, then compute again.",
                unit=unit["code"],
            ),
        }
        self._problem("no_area", fee, texts[item["base"]])
        return False

    def _bill_span(self, fee, item, span, is_missed):
        """Bill what is unbilled of one cycle, or of the run's days."""
        billed = [
            row
            for row in self.facts.billed_days.get(fee["id"], ())
            if row[1] <= span[1] and row[2] >= span[0]
        ]
        is_done = bool(billed) and self._all_days_taken(span, billed)
        if billed and not is_missed:
            self._report_span(fee, item, billed[0], is_done)
        if is_done:
            return
        facts = None if billed else self._plain_facts(fee, item, span)
        if facts in self._alike and self._charge_alike(self._alike[facts], fee, span):
            return
        count, problems = len(self.charges), len(self.problems)
        self._bill_unbilled(fee, item, span, billed)
        if facts and len(self.charges) == count + 1 and len(self.problems) == problems:
            self._alike[facts] = self.charges[-1]

    def _plain_facts(self, fee, item, span):
        """Return what the charge of a fee follows from besides its payer, or None.

        Most homes of a community differ in their area and their owner alone: what was worked out
        for one of them holds for all with the same facts.
        """
        is_counted = item["method"] == "formula" or (
            item["method"] == "fixed" and item["base"] != "unit"
        )
        if (
            is_counted
            or self._pieces(fee, item, span) != [(span, False)]
            or fee["payer_role"] not in ("owner", "tenant")
            or self.facts.cycle(fee, item)[1]
            or self.facts.reliefs_of(fee, *span)
        ):
            return None
        area = item["method"] == "area" and self.facts.units[fee["unit_id"]][AREAS[item["base"]]]
        return item["id"], span, fee["quantity"], fee["price"], area

    def _charge_alike(self, vals, fee, span):
        """Charge a fee like another one with the same facts.

        :param vals: the values of the other's charge
        :return: whether one payer pays all of its days, and it was charged
        """
        payers = self._payers_of(fee, fee["payer_role"], False, span)
        rows, dates = vals["basis"]["payers"], [str(day) for day in span]
        if len(payers) != 1 or len(rows) != 1 or vals["share"] or rows[0][1:] != dates:
            return False
        self.charges.append(
            {
                **vals,
                "fee_id": fee["id"],
                "unit_id": fee["unit_id"],
                "payer_id": payers[0][0],
                "meter_id": fee["meter_id"],
                "basis": {**vals["basis"], "payers": [[payers[0][0], *dates]]},
            }
        )
        return True

    def _bill_unbilled(self, fee, item, span, billed):
        """Bill the days of a span that are not among those billed."""
        segments, gaps = self._price_segments(fee, item, span)
        if not segments:
            return
        unit = self.facts.units[fee["unit_id"]]
        self._warn_gaps(fee, item, unit, gaps, span)
        if self._has_mixed_vat(fee, item, segments):
            return
        span = segments[0][0], segments[-1][1]
        basis = self._time_basis(fee, item, span, segments[-1][2])
        for piece, is_developer in self._pieces(fee, item, span):
            self._bill_piece(fee, item, basis, segments, piece, is_developer, billed)

    def _pieces(self, fee, item, span):
        """Cut a span at the handover where the developer pays the days before it."""
        if not item["developer_pays"]:
            return [(span, False)]
        handover = self.facts.units[fee["unit_id"]]["handover_date"]
        if handover and handover <= span[0]:
            return [(span, False)]
        if not handover or handover > span[1]:
            return [(span, True)]
        return [((span[0], handover - DAY), True), ((handover, span[1]), False)]

    def _bill_piece(self, fee, item, basis, segments, piece, is_developer, billed):
        if is_developer:
            basis = {**basis, "factor": str(to_decimal(item["developer_percent"]) / 100)}
            rows = [(100, "developer", False)]
        else:
            rows = self.facts.shares_of(fee)
        parts = self._payer_parts(fee, rows, piece, billed)
        if parts is None:
            return
        all_ranges = [list(part) for part, _payers in parts]
        for index, (part, payers) in enumerate(parts):
            unbilled = self._unbilled(piece, part, billed)
            # Where whole payers' days are left, they are what the split of all days leaves: with
            # the bills of the others they sum to the whole, to the fen.
            is_split = unbilled and unbilled != [piece] and _whole_payers(payers, unbilled)
            for stretch in [piece] if is_split else unbilled:
                shared = {} if len(parts) == 1 else {"shares": all_ranges, "share": index}
                try:
                    self._bill_stretch(
                        fee,
                        item,
                        {**basis, **shared},
                        segments,
                        stretch,
                        payers,
                        shares.encode(*part),
                        unbilled,
                    )
                except FormulaError as error:
                    self._formula_failed(fee, item, error)
                    return

    def _payer_parts(self, fee, rows, piece, billed):
        """Return list of (part, payers by days), or None when some day of one has no payer.

        Neighbouring parts with the same payers are one, unless something is billed of one already.
        """
        parts = []
        is_untouched = not any(share < 0 for share, _first, _last, _run in billed)
        percents = [percent for percent, _role, _partner in rows]
        for part, (_percent, role, partner) in zip(shares.ranges(percents), rows, strict=True):
            payers = self._payers_of(fee, role, partner, piece)
            if not payers:
                self._no_one_pays(fee, role)
                return None
            if parts and is_untouched and parts[-1][1] == payers:
                parts[-1] = ((parts[-1][0][0], part[1]), payers)
            else:
                parts.append((part, payers))
        return parts

    def _bill_stretch(self, fee, item, basis, segments, stretch, payers, share, unbilled):
        """Make the charges of some days: one for every payer whose days are unbilled."""
        rows = self._segment_rows(fee, item, segments, stretch, basis)
        if not rows:
            return
        payers = _clip(payers, stretch)
        basis = {
            **basis,
            "segments": rows,
            "payers": [[payer, str(first), str(last)] for payer, first, last in payers],
            "tariff_ids": list(
                dict.fromkeys(
                    price["tariff_id"]
                    for first, last, price in segments
                    if first <= stretch[1] and last >= stretch[0]
                )
            ),
        }
        reliefs = self.facts.reliefs_of(fee, *stretch)
        if reliefs:
            basis["reliefs"] = reliefs
        pieces = [(*payers[0], None)] if len(payers) == 1 else plan.parts(basis)
        for index, (payer, first, last, _amount) in enumerate(pieces):
            if not any(start <= first and last <= end for start, end in unbilled):
                continue
            values = {**basis, "part": None if len(payers) == 1 else index}
            self._charge(fee, item, values, payer, first, last, basis["tax"], share)

    def _time_basis(self, fee, item, span, price):
        """Return what every charge of a cycle freezes."""
        unit = self.facts.units[fee["unit_id"]]
        _length, anchor, _timing = self.facts.cycle(fee, item)
        basis = {
            "kind": "time",
            "method": item["method"],
            "base": "1",
            "quantity": str(to_decimal(fee["quantity"])),
            "coverage": [str(span[0]), str(span[1])],
            "proration": item["proration"],
            "price_include": price["price_include"],
            "rate": price["rate"],
            "tax": price["tax_id"],
            **self.facts.rounding(item),
        }
        if item["method"] == "area":
            basis["base"] = str(to_decimal(unit[AREAS[item["base"]]]))
        if item["base"] not in ("billable", "unit"):
            basis["by"] = item["base"]
        if item["method"] == "formula":
            basis.update(formula=item["formula"], values=self.facts.formula_values(fee))
        if anchor:
            basis["anchor"] = str(anchor)
        return basis

    def _segment_rows(self, fee, item, segments, stretch, basis):
        """Cut the prices to some days, and where heads are counted to the months of the fee."""
        anchor = basis.get("anchor")
        anchor = date.fromisoformat(anchor) if anchor else None
        used = names(item["formula"]) if item["method"] == "formula" else ()
        counted = {name: what for name, what in COUNTED.items() if name in used}
        by_head = item["method"] == "fixed" and item["base"] != "unit"
        rows = []
        for first, last, price in segments:
            first, last = max(first, stretch[0]), min(last, stretch[1])
            if first > last:
                continue
            if not counted and not by_head:
                rows.append([str(first), str(last), price["price"]])
                continue
            for begin, end, _length in months(first, last, anchor):
                if by_head:
                    extra = {"base": str(self.facts.count(item["base"], fee, begin))}
                else:
                    extra = {
                        "values": {
                            name: str(self.facts.count(what, fee, begin))
                            for name, what in counted.items()
                        }
                    }
                if rows and rows[-1][2:] == [price["price"], extra]:
                    rows[-1][1] = str(end)
                else:
                    rows.append([str(begin), str(end), price["price"], extra])
        if by_head and rows and not any(row[3]["base"] != "0" for row in rows):
            self._nobody_counted(fee, item, stretch)
        return rows

    # Facts ------------------------------------------------------------------------------------

    def _price_segments(self, fee, item, span):
        """Return the tariff segments of a span, one for the fee's own price, and the gaps."""
        segments, gaps = tariff_segments(*span, self.facts.tariffs[fee["item_id"]])
        if fee["price"]:
            own = {"price": str(to_decimal(fee["price"])), "tiers": []}
            last = segments[-1][2] if segments else self._any_tariff(fee)
            return [(*span, {**last, **own})], []
        if not segments:
            self._no_tariff(fee, item, span)
        return segments, gaps

    def _any_tariff(self, fee):
        rows = self.facts.tariffs[fee["item_id"]]
        return (
            rows[0][2]
            if rows
            else {"price_include": True, "rate": "", "tax_id": False, "tariff_id": False}
        )

    def _payers_of(self, fee, role, partner, span):
        """Return the payers of a span, or nothing when some day has none."""
        if role in ("developer", "partner"):
            partner = partner or self.facts.developer(fee["unit_id"])
            return [(partner, *span)] if partner else []
        key = role, fee["unit_id"], span
        if key not in self._payer_segments:
            segments = _clip(self.facts.timeline(role, fee["unit_id"]), span)
            known = sum(days(first, last) for _payer, first, last in segments)
            self._payer_segments[key] = segments if known == days(*span) else []
        return self._payer_segments[key]

    def _unbilled(self, span, part, billed):
        """List the days of a span of which a part is not billed at all."""
        taken = [
            (first, last)
            for share, first, last, _run in billed
            if shares.overlap(shares.decode(share), part)
        ]
        return subtract(span, taken)

    def _all_days_taken(self, span, billed):
        """Tell whether every part of every day is billed."""
        parts = {shares.decode(share) for share, _first, _last, _run in billed}
        edges = sorted({edge for part in parts for edge in part} | set(shares.WHOLE))
        return not any(self._unbilled(span, part, billed) for part in pairwise(edges))


def _clip(segments, span):
    clipped = ((payer, max(first, span[0]), min(last, span[1])) for payer, first, last in segments)
    return merge_payers([row for row in clipped if row[1] <= row[2]])


def _whole_payers(payers, stretches):
    """Tell whether days are those of whole payers: no payer's days are billed in part.

    >>> _whole_payers([("a", 1, 15), ("b", 16, 30)], [(16, 30)])
    True
    >>> _whole_payers([("a", 1, 30)], [(16, 30)])
    False
    """
    return all(
        any(start == first for _payer, first, _last in payers)
        and any(end == last for _payer, _first, last in payers)
        for start, end in stretches
    )
