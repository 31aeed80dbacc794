"""Metrics and rules over a batch of messages, in the transaction that stores them.

Only what was stored is judged, each message once. What was said long ago raises nothing, and what a
broker retained is a state: it gives last values, and no events. Nothing here can make a message
fail: what a condition cannot read is counted on its rule.
"""

import json
import time
from collections import defaultdict
from dataclasses import replace
from datetime import datetime

from ..tools import expressions, judging, measuring, paths
from . import alarms, rulebook, states
from .inbox import STORED, now, printable

FRESH = 1  # seconds for which rules are not looked up again
EPOCH = datetime(1970, 1, 1)
NOTHING = {}  # read only
FACT = 100_000  # characters of a message that is kept until its rule acts


class Judge:
    """Measures and judges the messages of a broker."""

    def __init__(self, broker_id):
        self.broker_id = broker_id
        self._book = None
        self._looked = 0.0
        self._devices = {}  # by id: what rules may know
        self._chosen = {}  # by (rule, device): whether the rule is about it
        self._counts = defaultdict(lambda: [0, 0, None])  # by rule: matched, failed, last error
        self._counted = 0.0

    def book(self, cr):
        """Return the rules, looked up at most once a second."""
        if self._book is None or time.monotonic() - self._looked >= FRESH:
            self._book = rulebook.read(cr, self.broker_id)
            self._looked = time.monotonic()
            self._devices.clear()
            self._chosen.clear()
        return self._book

    def apply(self, cr, items):
        """Measure and judge what has just been stored.

        :param items: Item of a batch, in order
        """
        book = self.book(cr)
        if not book.sources:
            return
        heard = [
            item for item in items if item.outcome == STORED and item.source.id in book.sources
        ]
        if heard:
            values = {id(item): self._values(book, item) for item in heard}
            self._judge(cr, book, heard, values)
            self._keep(cr, book, heard, values)
            self._note(cr)

    # -- metrics

    @staticmethod
    def _values(book, item):
        """Read the metrics of a message.

        :return: list of (Metric, value)
        """
        found = []
        for metric in book.metrics.get(item.source.id, ()):
            there = paths.find(metric.path, item.delivery.topic, item.reading.data)
            if there is paths.MISSING:
                continue
            value = measuring.read(there, metric.kind, metric.factor)
            if value is not None:
                found.append((metric, value))
        return found

    def _keep(self, cr, book, heard, values):
        """Keep the last value of each device and metric, and the history."""
        last, history = {}, []
        for item in heard:
            moment = item.reading.sent_at
            for metric, value in values[id(item)]:
                key = (item.device_id, metric.id)
                if key not in last or last[key][0] <= moment:
                    last[key] = (moment, value, item)
                if metric.has_history and metric.kind != measuring.TEXT and self._is_event(item):
                    history.append((moment, *key, float(value)))
        states.keep_values(cr, last)
        states.keep_history(cr, history)

    @staticmethod
    def _is_event(item):
        return not item.delivery.is_retained

    # -- rules

    def _judge(self, cr, book, heard, values):
        heard = [item for item in heard if self._is_event(item) and item.source.id in book.rules]
        if not heard:
            return
        self._know(cr, {item.device_id for item in heard})
        scopes = self._scopes(cr, book, heard, values)
        words, effects = defaultdict(list), []
        for item, scope in zip(heard, scopes, strict=True):
            for rule in self._rules(book, item):
                holds = self._ask(rule, rule.condition, scope)
                if not rule.terms.is_stateless:
                    words[rule.id, item.device_id].append((item, scope, holds))
                elif holds:
                    word = judging.Word(True, None, item.reading.sent_at, item.delivery.received_at)
                    _state, effect = judging.hear(judging.State(), rule.terms, word, now())
                    effects.append((effect, rule, self._fact(book, item, scope, rule)))
        effects += self._follow(cr, book, words)
        self._act(cr, effects)

    def _rules(self, book, item):
        """Return the rules that are about the device of a message."""
        found = []
        for rule in book.rules[item.source.id]:
            key = (rule.id, item.device_id)
            if rule.selects and key not in self._chosen:
                device = self._devices.get(item.device_id)
                self._chosen[key] = bool(device and rule.selects(device))
            if not rule.selects or self._chosen[key]:
                found.append(rule)
        return found

    def _know(self, cr, ids):
        unknown = ids - self._devices.keys()
        if unknown:
            self._devices.update(alarms.devices(cr, unknown))

    def _scopes(self, cr, book, heard, values):
        """Return, for each message, what expressions may name."""
        back = [item for item in heard if item.source.id in book.looks_back]
        before = self._last(cr, {item.device_id for item in back}) if back else {}
        for item in heard:
            moment, told = item.reading.sent_at, values[id(item)]
            scope = self._scope(item, told)
            if item.source.id in book.looks_back:
                scope["last"], scope["since"] = {}, {}
                for metric in book.metrics.get(item.source.id, ()):
                    known = before.get((item.device_id, metric.id))
                    if known:
                        scope["last"][metric.code] = known[1]
                        scope["since"][metric.code] = (moment - known[0]).total_seconds()
                for metric, value in told:
                    known = before.get((item.device_id, metric.id))
                    if not known or known[0] <= moment:
                        before[item.device_id, metric.id] = (moment, value)
            yield scope

    def _last(self, cr, devices):
        """Return last values of devices, by (device, metric): (moment, value)."""
        return states.last_values(cr, devices)

    def _scope(self, item, told):
        found, delivery = item.reading, item.delivery
        return {
            "payload": found.data,
            "metrics": {metric.code: value for metric, value in told},
            "last": NOTHING,
            "since": NOTHING,
            "device": self._devices.get(item.device_id, NOTHING),
            "topic": delivery.topic,
            "now": (found.sent_at - EPOCH).total_seconds(),
            "delay": (delivery.received_at - found.sent_at).total_seconds(),
            "sequence": found.sequence,
            "message_id": found.reference,
        }

    def _ask(self, rule, expression, scope):
        """Ask an expression about a message.

        :return: True, False, or None when the message does not tell
        """
        try:
            holds = expression.truth(scope)
        except expressions.Undecided as error:
            count = self._counts[rule.id]
            count[1] += 1
            is_missing = isinstance(error, expressions.Missing)
            count[2] = printable(f"? {error}" if is_missing else error)[:200]
            return None
        if holds:
            self._counts[rule.id][0] += 1
        return holds

    def _follow(self, cr, book, words):
        """Take messages into the states of their rules.

        :param words: by (rule, device), list of (item, scope, whether it holds)
        :return: list of (effect, Rule, Fact)
        """
        keys = words.keys()
        known = states.read(cr, keys)
        moving = {
            key for key in keys if key in known or any(holds for _item, _scope, holds in words[key])
        }
        if not moving:
            return []
        states.lock(cr, {device for _rule, device in moving})
        known = states.read(cr, moving)
        late = self._overtaken(cr, book, words, moving, known)
        effects, changed, moment = [], {}, now()
        for key in sorted(moving):
            rule = book.by_id[key[0]]
            first, fact = known.get(key, (judging.State(), None))
            state = first
            for item, scope, holds in words[key]:
                if id(item) in late and state.phase == judging.IDLE:
                    continue
                is_over = None
                if state.phase == judging.ACTIVE:
                    is_over = (
                        self._ask(rule, rule.clear, scope)
                        if rule.clear
                        else (None if holds is None else not holds)
                    )
                word = judging.Word(holds, is_over, item.reading.sent_at, item.delivery.received_at)
                state, effect = judging.hear(state, rule.terms, word, moment)
                if holds or effect:
                    fact = self._fact(book, item, scope, rule)
                if effect:
                    effects.append((effect, rule, fact))
            if state.phase == judging.IDLE and first.phase == judging.IDLE:
                state = replace(state, moment=first.moment)  # no reason to write
            if state != first:
                changed[key] = (state, fact)
        states.write(cr, changed)
        return effects

    def _overtaken(self, cr, book, words, moving, known):
        """Find messages that came after newer ones of their device: they begin nothing."""
        late, asked = set(), {}
        for key in moving:
            newest = None
            is_idle = key not in known or known[key][0].phase == judging.IDLE
            for item, _scope, holds in words[key]:
                moment = item.reading.sent_at
                if newest and moment < newest:
                    late.add(id(item))
                elif holds and is_idle and book.by_id[key[0]].terms.is_lasting:
                    asked[id(item)] = item
                newest = max(newest or moment, moment)
        return late | states.overtaken(cr, asked)

    @staticmethod
    def _fact(book, item, scope, rule):
        """Return what an alarm or an event says about a message."""
        return states.Fact(
            device_id=item.device_id,
            subscription_id=item.source.id,
            topic=printable(item.delivery.topic),
            payload=printable(json.dumps(item.reading.data, ensure_ascii=False))[:FACT],
            moment=item.reading.sent_at,
            received=item.delivery.received_at,
            reference=item.reading.reference or "",
            value=printable(rule.condition.facts(scope, book.labels.get(item.source.id))),
            name=printable(rule.template.fill(scope)) if rule.template else "",
            message_id=getattr(item, "message_id", None),
        )

    def _act(self, cr, effects, at=None):
        """Raise and clear alarms, and queue actions, in the order in which things happened.

        :param effects: list of (effect, Rule, Fact)
        :param at: when, if not at the time of the message
        """
        if not effects:
            return
        numbers = states.message_ids(cr, [fact for _effect, _rule, fact in effects])
        events, rounds = [], defaultdict(list)
        for effect, rule, fact in effects:
            call = self._call(rule, fact, numbers.get(fact), at)
            if rule.effect != rulebook.ALARM:
                if effect != judging.GOES_ON:
                    events.append((KINDS[effect], None, call))
                continue
            rounds[call.device_id, call.code].append((effect, call))
        alarms.queue(cr, self.broker_id, events)
        for turn in states.turns(rounds, (judging.ENDED,)):
            ended = [call for effect, call in turn if effect == judging.ENDED]
            alarms.clear_alarms(cr, self.broker_id, ended)
            others = [(effect, call) for effect, call in turn if effect != judging.ENDED]
            found = alarms.raise_alarms(cr, self.broker_id, [call for _effect, call in others])
            again = [
                (alarms.UPDATED, found[call.device_id, call.code][0], call)
                for effect, call in others
                if effect == judging.AGAIN and not found[call.device_id, call.code][1]
            ]
            alarms.queue(cr, self.broker_id, again)

    @staticmethod
    def _call(rule, fact, number, at):
        return alarms.Call(
            device_id=fact.device_id,
            moment=at or fact.moment,
            code=rule.code,
            rule_id=rule.id,
            subscription_id=fact.subscription_id,
            severity=rule.severity,
            name=fact.name,
            value=fact.value,
            topic=fact.topic,
            payload=fact.payload,
            message_id=number,
            received=fact.received,
        )

    # -- time

    def sweep(self, cr):
        """Let the rules act whose time has come without another message."""
        moment = now()
        due = states.due(cr, self.broker_id, moment)
        if not due:
            return
        book = self.book(cr)
        states.lock(cr, {device for _rule, device in due})
        effects, changed = [], {}
        for key, (state, fact) in states.read(cr, due).items():
            rule = book.by_id.get(key[0])
            if not rule or not fact:
                changed[key] = (replace(state, due_at=None), fact)
                continue
            after, effect = judging.tick(state, rule.terms, moment)
            if effect:
                effects.append((effect, rule, fact))
            if after != state:
                changed[key] = (after, fact)
        states.write(cr, changed)
        self._act(cr, effects, at=moment)

    def _note(self, cr):
        """Write down now and then how often rules matched and failed."""
        if self._counts and time.monotonic() - self._counted >= FRESH:
            states.count(cr, self._counts)
            self._counts.clear()
            self._counted = time.monotonic()


KINDS = {
    judging.MATCHED: alarms.MATCHED,
    judging.BEGUN: alarms.MATCHED,
    judging.AGAIN: alarms.UPDATED,
    judging.ENDED: alarms.CLEARED,
}
