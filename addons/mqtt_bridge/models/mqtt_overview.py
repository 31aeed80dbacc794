from datetime import timedelta

from odoo import api, fields, models

from ..bridge.inbox import COUNTERS

HOURS = 24
MOST = 8  # lines of a list


class MqttOverview(models.AbstractModel):
    """The first page: does the bridge hear, does the account balance, who is silent."""

    _name = "mqtt.overview"
    _description = "MQTT Overview"

    @api.model
    def get_overview(self):
        """Return what the page shows, as far as the user may see it.

        :return: dictionary
        """
        self.env["mqtt.device"].check_access("read")
        now = fields.Datetime.now()
        since = now.replace(minute=0, second=0) - timedelta(hours=HOURS - 1)
        return {
            "now": fields.Datetime.to_string(now),
            "brokers": self._brokers(now),
            "account": self._account(since),
            "hours": self._hours(since),
            "subscriptions": self._subscriptions(since),
            "devices": self._devices(),
            "letters": self._letters(),
            "missing": self._missing(),
            "alarms": self._alarms(),
        }

    def _brokers(self, now):
        found = []
        for broker in self.env["mqtt.broker"].search([], limit=MOST):
            processes = broker.process_ids
            last = max(processes.filtered("heartbeat_at").mapped("heartbeat_at"), default=None)
            alive = processes.filtered("is_alive")
            found.append(
                {
                    "id": broker.id,
                    "name": broker.name,
                    "state": broker.state,
                    "seconds": int((now - last).total_seconds()) if last else None,
                    "queue": sum(alive.mapped("queue_length")),
                    "error": processes.sorted("error_at")[-1:].error or "",
                }
            )
        return found

    def _account(self, since):
        """Sum the account; what it says is checked against the rows by the scheduled job."""
        tallies = self.env["mqtt.tally"]
        [numbers] = tallies._read_group(
            [("hour", ">=", since)], [], [f"{name}:sum" for name in COUNTERS]
        )
        found = dict(zip(COUNTERS, (number or 0 for number in numbers), strict=True))
        found["difference"] = 2 * found["received"] - sum(found.values())
        recent = tallies.search([("hour", ">=", since), ("checked_at", "!=", False)])
        checked = recent.mapped("checked_at")
        found["unsound"] = len(recent.filtered(lambda tally: not tally.is_sound))
        found["checked"] = fields.Datetime.to_string(max(checked)) if checked else False
        return found

    def _hours(self, since):
        """Return the counters of each hour, those with nothing too."""
        names = ("received", "duplicate", "dead")
        tallies = self.env["mqtt.tally"].with_context(tz="UTC")
        groups = tallies._read_group(
            [("hour", ">=", since)], ["hour:hour"], [f"{name}:sum" for name in names]
        )
        sums = {fields.Datetime.to_string(hour): numbers for hour, *numbers in groups}
        found = []
        for ahead in range(HOURS):
            hour = fields.Datetime.to_string(since + timedelta(hours=ahead))
            numbers = sums.get(hour, [0] * len(names))
            found.append({"hour": hour, **dict(zip(names, numbers, strict=True))})
        return found

    def _subscriptions(self, since):
        groups = self.env["mqtt.tally"]._read_group(
            [("hour", ">=", since)],
            ["subscription_id"],
            [f"{name}:sum" for name in COUNTERS],
            order="received:sum desc",
        )
        return [
            {
                "id": subscription.id,
                "name": subscription.name or self.env._("No subscription"),
                **dict(zip(COUNTERS, numbers, strict=True)),
                "difference": numbers[0] - sum(numbers[1:]),
            }
            for subscription, *numbers in groups
        ]

    def _devices(self):
        """Count the devices by status, and name those that should speak and do not."""
        devices = self.env["mqtt.device"]
        accepted = [("state", "=", "accepted")]
        counts = {
            status: devices.search_count([*accepted, ("status", "=", status)])
            for status, _label in devices._fields["status"].selection
        }
        away = devices.search(
            [*accepted, ("status", "in", ("silent", "offline"))],
            order="silent_since, last_seen",
            limit=MOST,
        )
        return {
            **counts,
            "quarantined": devices.search_count([("state", "=", "quarantined")]),
            "away": [
                {
                    "id": device.id,
                    "name": device.name,
                    "status": device.status,
                    "last_seen": fields.Datetime.to_string(device.last_seen),
                    "is_watched": device.alarm_silence,
                }
                for device in away
            ],
        }

    def _alarms(self):
        """Count the open alarms and name the gravest; None where there are no alarms."""
        if "mqtt.alarm" not in self.env:
            return None
        alarms = self.env["mqtt.alarm"]
        active = [("state", "=", "active")]
        worst = alarms.search(active, order="is_acknowledged, severity, last_at desc", limit=MOST)
        return {
            "count": alarms.search_count(active),
            "new": alarms.search_count([*active, ("is_acknowledged", "=", False)]),
            "worst": [
                {
                    "id": alarm.id,
                    "name": alarm.display_name,
                    "severity": alarm.severity,
                    "is_new": not alarm.is_acknowledged,
                    "since": fields.Datetime.to_string(alarm.first_at),
                }
                for alarm in worst
            ],
        }

    def _letters(self):
        letters = self.env["mqtt.dead.letter"]
        groups = letters._read_group(
            [("state", "=", "open")], ["reason"], ["__count"], order="__count desc"
        )
        labels = dict(letters._fields["reason"]._description_selection(self.env))
        return [
            {"reason": reason, "name": labels[reason], "count": count} for reason, count in groups
        ]

    def _missing(self):
        groups = self.env["mqtt.gap"]._read_group(
            [("is_settled", "=", False)],
            ["device_id"],
            ["missing:sum"],
            order="missing:sum desc",
            limit=MOST,
        )
        return [{"id": device.id, "name": device.name, "count": count} for device, count in groups]
