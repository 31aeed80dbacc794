"""Readings inside a period that were billed already: at a transfer, or by an earlier run."""


class BillingCuts:
    """The part of a run's facts that says from where a meter is still to be billed."""

    _cuts = None

    def cut(self, fee_id):
        """Return the last day inside the period up to which a metered fee is billed, or None.

        What flowed since is billed from that day's reading on: to the buyer after a transfer, or
        by a second run of the month after a late reading. Otherwise nobody would pay for it.
        """
        if self._cuts is None:
            self._cuts = self._read_cuts()
        return self._cuts.get(fee_id)

    def _read_cuts(self):
        """Return dict fee id -> day, in one query."""
        fees = [fee["id"] for fee in self.fees if fee["meter_id"]]
        if not fees:
            return {}
        self.env["property.charge"].flush_model()
        self.env.cr.execute(
            """
            SELECT fee_id, max(date_to) FROM property_charge
             WHERE fee_id = ANY(%s) AND date_to >= %s AND date_to < %s
               AND state NOT IN ('cancelled', 'reversed') AND run_id IS DISTINCT FROM %s
               AND id <> ALL(%s)
               AND NOT COALESCE(is_opening, FALSE)
          GROUP BY fee_id
            """,
            [fees, self.date_from, self.date_to, self.run_id, self.assumptions.ignored],
        )
        return dict(self.env.cr.fetchall())

    def since_cut(self, fee, segments):
        """Return the readings of the period that are still to be billed.

        :param segments: list of (meter id, opening, closing) of the whole period, or None
        """
        day = self.cut(fee["id"])
        if not segments or not day or segments[-1][2][0] <= day:
            return segments
        read_then = any(
            row[0] == day
            for one in self.succession(fee["meter_id"])
            for row in self.readings.get(one, ())
        )
        return self.segments(fee["meter_id"], day) if read_then else segments
