"""What a rule would have made of messages: the same judgement, and nothing written."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..tools import expressions, judging, reading
from . import alarms
from .evaluation import Judge
from .inbox import STORED, Item
from .rulebook import Rulebook

UNREADABLE, OTHER = "unreadable", "other"


@dataclass
class Line:
    """What a rule makes of a message, or of time going by."""

    moment: datetime
    device_id: int | None = None
    message_id: int | None = None
    topic: str = ""
    verdict: str = ""  # yes, no, unknown, or one of the words above
    effect: str = ""
    value: str = ""
    text: str = ""
    detail: str = ""


class Trial(Judge):
    """A rule that is tried on messages of its broker."""

    def __init__(self, broker_id, rule, metrics):
        """Prepare.

        :param rule: Rule
        :param metrics: by id of the subscription, list of Metric
        """
        super().__init__(broker_id)
        self.rule = rule
        self.rules = Rulebook(metrics, [rule], metrics)
        self._before = {}

    def run(self, cr, messages, until=None):
        """Judge messages in their order.

        :param messages: list of (id, device id, Source, Delivery)
        :param until: how far time goes on after the last one
        :return: list of Line
        """
        self._devices.update(alarms.devices(cr, {one[1] for one in messages if one[1]}))
        lines, states, facts = [], defaultdict(judging.State), {}
        for message_id, device_id, source, delivery in messages:
            lines += self._pass(states, facts, delivery.received_at)
            line = Line(delivery.received_at, device_id, message_id, delivery.topic)
            lines.append(line)
            item = Item(delivery, source, device_id=device_id, outcome=STORED)
            try:
                item.reading = reading.read(delivery, source.plan)
            except reading.Unreadable as error:
                line.verdict, line.detail = UNREADABLE, f"{error.reason} {error}".strip()
                continue
            self._hear(cr, item, line, states)
            facts[device_id] = line
        if until:
            lines += self._pass(states, facts, until)
        return lines

    def _hear(self, cr, item, line, states):
        if not self._rules(self.rules, item):
            line.verdict = OTHER
            return
        [scope] = self._scopes(cr, self.rules, [item], {id(item): self._values(self.rules, item)})
        rule, state = self.rule, states[item.device_id]
        holds, line.detail = self._decide(rule.condition, scope)
        line.verdict = {True: "yes", False: "no", None: "unknown"}[holds]
        is_over = None
        if state.phase == judging.ACTIVE:
            is_over = None if holds is None else not holds
            if rule.clear:
                is_over, _detail = self._decide(rule.clear, scope)
        word = judging.Word(holds, is_over, item.reading.sent_at, item.delivery.received_at)
        # as if it were heard at once: the age of a message is that on its receipt
        state, effect = judging.hear(state, rule.terms, word, item.delivery.received_at)
        states[item.device_id] = state
        line.effect = effect or (state.phase if state.phase == judging.PENDING else "")
        line.value = rule.condition.facts(scope, self.rules.labels.get(item.source.id))
        line.text = rule.template.fill(scope) if rule.template else ""

    @staticmethod
    def _decide(expression, scope):
        try:
            return expression.truth(scope), ""
        except expressions.Undecided as error:
            return None, str(error)

    def _pass(self, states, facts, moment):
        """Let time go on until a moment: what is due by then happens."""
        lines = []
        while True:
            waiting = [
                (state.due_at, device)
                for device, state in states.items()
                if state.due_at and state.due_at <= moment
            ]
            if not waiting:
                return lines
            due_at, device = min(waiting)
            states[device], effect = judging.tick(states[device], self.rule.terms, due_at)
            if effect:
                last = facts[device]
                lines.append(
                    Line(due_at, device, None, last.topic, "", effect, last.value, last.text)
                )

    def _last(self, cr, devices) -> dict[Any, Any]:
        """Override: only what the tried messages themselves said before."""
        return self._before
