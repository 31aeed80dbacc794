"""The rules and metrics of a broker, compiled: read from the tables, and only when they changed."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ..tools import expressions, judging, selecting
from ..tools.windows import Window
from .configuration import path

_logger = logging.getLogger(__name__)

NAMES = frozenset(
    {
        *("payload", "metrics", "last", "since", "device", "topic", "now", "delay"),
        *("sequence", "message_id"),
    }
)
ALARM, ONCE, EACH = "alarm", "once", "each"
MESSAGE = "message"  # what a rule waits for; else the code of an alarm that others raise
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
RULE = (
    *("id", "subscription_id", "trigger", "device_domain", "condition", "clear_condition"),
    *("message", "effect", "severity", "duration", "repeats", "cooldown", "is_reminding"),
    *("oldest_minutes", "has_window", "window_tz", "window_start", "window_end", *DAYS),
)
CACHE = {}  # by database and broker: (stamp, Rulebook)
MOST_CACHED = 100


@dataclass(frozen=True)
class Metric:
    """A value that messages carry."""

    id: int
    code: str
    path: Any
    kind: str
    factor: float
    has_history: bool
    name: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Rule:
    """A rule, ready to judge."""

    id: int
    selects: Any  # function of a device, or None: all
    condition: Any
    clear: Any
    template: Any
    effect: str
    severity: str
    terms: judging.Terms
    subscription_id: int | None = None
    trigger: str = MESSAGE

    @property
    def code(self):
        """Name its alarm."""
        return code_of(self.id)

    @property
    def uses(self):
        """Return the names that its expressions use."""
        parts = (self.condition, self.clear, self.template)
        return frozenset().union(*(part.uses for part in parts if part))


def code_of(rule_id):
    """Return the code of the alarms of a rule."""
    return f"rule:{rule_id}"


class Rulebook:
    """What a broker's messages are measured and judged by."""

    def __init__(self, metrics, rules, sources):
        """Sort.

        :param metrics: by id of the subscription, list of Metric
        :param rules: list of Rule
        :param sources: ids of the subscriptions
        """
        self.metrics = metrics
        self.labels = {
            source: {
                f"{word}.{metric.code}": (f"{sign}{metric.name or metric.code}", metric.unit or "")
                for metric in found
                for word, sign in (("metrics", ""), ("last", "← "))
            }
            for source, found in metrics.items()
        }
        self.by_id = {rule.id: rule for rule in rules}
        heard = [rule for rule in rules if rule.trigger == MESSAGE]
        self.rules = {}
        for source in sources:
            found = [rule for rule in heard if rule.subscription_id in (None, source)]
            if found:
                self.rules[source] = found
        self.looks_back = {
            source
            for source, found in self.rules.items()
            if any(rule.uses & {"last", "since"} for rule in found)
        }
        self.sources = self.metrics.keys() | self.rules.keys()


def compile_rule(row):
    """Compile a rule.

    :param row: values of RULE
    :raise ValueError: when something in it cannot be used
    """
    window = None
    if row["has_window"]:
        window = Window(
            row["window_tz"] or "UTC",
            frozenset(number for number, day in enumerate(DAYS) if row[day]),
            minutes(row["window_start"]),
            minutes(row["window_end"]),
        )
    is_heard = row["trigger"] == MESSAGE
    return Rule(
        id=row["id"],
        selects=selecting.parse(row["device_domain"]),
        condition=expressions.parse(row["condition"] or "", NAMES) if is_heard else None,
        clear=expressions.parse(row["clear_condition"], NAMES) if row["clear_condition"] else None,
        template=expressions.Template(row["message"], NAMES) if row["message"] else None,
        effect=row["effect"],
        severity=row["severity"],
        terms=judging.Terms(
            is_lasting=row["effect"] != EACH,
            duration=timedelta(seconds=row["duration"] or 0),
            repeats=max(row["repeats"] or 1, 1),
            cooldown=timedelta(seconds=row["cooldown"] or 0),
            is_reminding=bool(row["is_reminding"]),
            window=window,
            oldest=timedelta(minutes=row["oldest_minutes"]) if row["oldest_minutes"] else None,
        ),
        subscription_id=row["subscription_id"] or None,
        trigger=row["trigger"],
    )


def minutes(hours):
    """Return minutes of the day of a number of hours."""
    return round((hours or 0) * 60) % (24 * 60)


def read(cr, broker_id):
    """Return the rules of a broker, compiled anew only when they have changed.

    :return: Rulebook
    """
    cr.execute(STAMP, {"broker": broker_id})
    stamp = cr.fetchone()
    key = (cr.dbname, broker_id)
    known = CACHE.get(key)
    if known and known[0] == stamp:
        return known[1]
    book = _compile(cr, broker_id)
    if len(CACHE) >= MOST_CACHED:
        CACHE.clear()
    CACHE[key] = (stamp, book)
    return book


def _compile(cr, broker_id):
    cr.execute("SELECT id FROM mqtt_subscription WHERE broker_id = %s", [broker_id])
    sources = [row[0] for row in cr.fetchall()]
    cr.execute(METRICS, [sources or [0]])
    metrics = {}
    for row in cr.dictfetchall():
        source = row.pop("subscription_id")
        row.update(path=path(row["path"]), factor=float(row["factor"]))
        metrics.setdefault(source, []).append(Metric(**row))
    cr.execute(
        f"SELECT {', '.join(RULE)} FROM mqtt_rule"  # noqa: S608
        " WHERE broker_id = %s AND active ORDER BY sequence, id",
        [broker_id],
    )
    rules = []
    for row in cr.dictfetchall():
        try:
            rules.append(compile_rule(row))
        except ValueError as error:
            _logger.error("mqtt: rule %s cannot be used: %s", row["id"], error)
    return Rulebook(metrics, rules, sources)


STAMP = """
SELECT (SELECT md5(string_agg(r::text, '|' ORDER BY r.id)) FROM mqtt_rule r
        WHERE r.broker_id = %(broker)s AND r.active),
    (SELECT md5(string_agg(m::text, '|' ORDER BY m.id)) FROM mqtt_metric m
        JOIN mqtt_subscription s ON s.id = m.subscription_id
        WHERE s.broker_id = %(broker)s AND m.active),
    (SELECT count(*) FROM mqtt_subscription s WHERE s.broker_id = %(broker)s)
"""
METRICS = """
SELECT id, subscription_id, code, path, kind, factor, has_history, name, unit FROM mqtt_metric
WHERE subscription_id = ANY(%s) AND active ORDER BY sequence, id
"""
