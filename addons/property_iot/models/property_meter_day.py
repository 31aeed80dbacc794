"""What meters make of telegrams: the value of now, and the reading of a day that is over."""

from odoo import api, fields, models

from ..tools import days

BATCH = 500  # meters whose day is closed at once


class PropertyMeter(models.Model):
    _inherit = "property.meter"

    @api.model
    def _telegram_values(self, telegram, device, rows):
        """Find the meters that a message is about, and what they show.

        :param rows: list of (address, what was sent, row) of telegram._rows()
        :return: (dict meter -> value, list of (row, what is wrong with it))
        """
        meters = self.with_context(active_test=False).search(
            [("device_id", "=", device.id), ("telegram_id", "=", telegram.id)]
        )
        by_address = {}
        for meter in meters.sorted("active"):  # one that is active goes before those that were
            by_address[meter.device_address or ""] = meter
        values, faults = {}, []
        for address, there, row in rows:
            meter = by_address.get(address, self)
            if not meter and telegram.ignores_unknown:
                continue
            number = telegram._number(there)
            fault = self._telegram_fault(meter, device, address, number)
            if fault:
                faults.append((row, fault))
            else:
                values[meter] = number
        return values, faults

    @api.model
    def _telegram_fault(self, meter, device, address, number):
        """Say why what was sent cannot be a reading; None when it can."""
        sender = " · ".join(part for part in (device.code, address) if part)
        if not meter:
            return self.env._(
                "No meter is connected to %(sender)s. Connect one under Automatic Reading, then "
                "run this again.",
                sender=sender or "?",
            )
        names = {"meter": meter.code, "sender": sender}
        if not meter.active:
            return self.env._(
                "Meter %(meter)s, which %(sender)s reads, was replaced or archived. Connect the "
                "device to its successor, then run this again.",
                **names,
            )
        if number is None:
            return self.env._(
                "What %(sender)s sends for meter %(meter)s is no number. Look at the path of the "
                "reading.",
                **names,
            )
        if not 0 <= number < 1e12 or (meter.digits and number >= 10**meter.digits):
            return self.env._(
                "The counter of meter %(meter)s, of %(digits)s digits, cannot show %(value)s, "
                "which %(sender)s sends. Correct its digits, or the unit that is sent.",
                digits=meter.digits,
                value=f"{number:.12g}",
                **names,
            )
        return None

    @api.model
    def _take_telegrams(self, values, moment):
        """Take what meters show; what the last telegram of a day says becomes its reading.

        :param values: dict meter -> value
        :param moment: of the device, UTC
        """
        meters = self.browse([meter.id for meter in values])
        meters._lock_and_reread("telegram_value", "telegram_at", "telegram_result")
        over, late, newer = [], [], []
        for meter, value in values.items():
            day, known = meter._telegram_day(moment), meter.telegram_at
            if known and moment <= known:
                if day < meter._telegram_day(known):
                    late.append((meter, day, value, moment))
                continue
            if meter.telegram_result == "open" and meter._telegram_day(known) < day:
                over.append(
                    (meter, meter._telegram_day(known), meter.telegram_value, meter.telegram_at)
                )
            newer.append((meter, value))
        self.env["property.meter.reading"]._book(over + late)
        for meter, value in newer:
            meter.write({"telegram_value": value, "telegram_at": moment, "telegram_result": "open"})

    def _telegram_day(self, moment):
        """Return the day for which a telegram counts."""
        self.ensure_one()
        return days.reading_day(moment, self.site_id.tz, self.telegram_id.late_hours)

    def _close_days(self):
        """Book the readings of days that are over."""
        now = fields.Datetime.now()
        self._lock_and_reread("telegram_value", "telegram_at", "telegram_result")
        over = self.filtered(
            lambda meter: (
                meter.telegram_result == "open"
                and meter._telegram_day(meter.telegram_at) < meter._telegram_day(now)
            )
        )
        results = self.env["property.meter.reading"]._book(
            [
                (meter, meter._telegram_day(meter.telegram_at), value, meter.telegram_at)
                for meter in over
                for value in [meter.telegram_value]
            ]
        )
        by_result = {}
        for meter, result in results.items():
            by_result[result] = by_result.get(result, self.browse()) | meter
        for result, meters in by_result.items():
            meters.write({"telegram_result": result})
        return over

    @api.model
    def _cron_close_days(self):
        """Book the readings of days that are over, of meters that have said nothing since."""
        meters = self.search([("telegram_result", "=", "open")], order="id")
        for start in range(0, len(meters), BATCH):
            batch = meters[start : start + BATCH]
            batch._close_days()
            self.env["ir.cron"]._commit_progress(
                len(batch), remaining=len(meters) - start - len(batch)
            )
