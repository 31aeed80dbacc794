"""What a rule makes of what it hears, step by step: durations, repeats, hysteresis, cooldown.

The state of a rule about a device is small, is kept in the database, and only moves forward in the
device's time. Two clocks are at work: how long a condition has held is measured by the device's
clock between its messages, and by ours while it says nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .windows import Window

IDLE, PENDING, ACTIVE = "idle", "pending", "active"
BEGUN, GOES_ON, AGAIN, ENDED, MATCHED = "begun", "goes_on", "again", "ended", "matched"
NONE = timedelta(0)


@dataclass(frozen=True)
class Terms:
    """When a rule acts."""

    is_lasting: bool = True  # begins and ends; else each message that matches counts for itself
    duration: timedelta = NONE  # for which the condition has to hold
    repeats: int = 1  # messages in a row that have to match
    cooldown: timedelta = NONE  # from one time that it acts to the next
    is_reminding: bool = False  # acts again after each cooldown while it lasts
    window: Window | None = None
    oldest: timedelta | None = None  # older news begin nothing

    @property
    def is_stateless(self):
        """Say whether each message can be judged without those before."""
        return not self.is_lasting and self.repeats == 1 and not self.cooldown

    def opening(self, moment):
        """Return the first moment from this one on in which the rule may act."""
        return self.window.next_open(moment) if self.window else moment


@dataclass(frozen=True)
class State:
    """What is known of a rule and a device."""

    phase: str = IDLE
    since: datetime | None = None  # the condition holds, by the device's time
    since_received: datetime | None = None  # and by ours
    count: int = 0  # messages in a row that matched
    fired_at: datetime | None = None  # acted last, by our time
    moment: datetime | None = None  # of the last message, by the device's time
    due_at: datetime | None = None  # acts by then without another message


@dataclass(frozen=True)
class Word:
    """What a message says about a rule."""

    holds: bool | None  # the condition; None: the message does not tell
    is_over: bool | None  # the clear condition
    moment: datetime  # by the device's time
    received: datetime


def hear(state, terms, word, now):
    """Take a message into account.

    :param now: our time, by which news are old
    :return: (State, one of the effects above or None)

    >>> terms, at = Terms(duration=timedelta(minutes=5)), datetime(2026, 1, 1)
    >>> state, effect = hear(State(), terms, Word(True, False, at, at), at)
    >>> state.phase, effect, state.due_at == at + timedelta(minutes=5)
    ('pending', None, True)
    >>> later = at + timedelta(minutes=6)
    >>> hear(state, terms, Word(True, False, later, later), later)[1], tick(state, terms, later)[1]
    ('begun', 'begun')
    """
    if not terms.is_lasting:
        return _each(state, terms, word, now)
    if word.holds is None and word.is_over is None:
        return state, None
    if state.moment and word.moment < state.moment:
        return state, None
    state = replace(state, moment=word.moment)
    if state.phase == ACTIVE:
        return _while_active(state, terms, word, now)
    if word.holds is False:
        return _rest(state), None
    if word.holds is None or _is_old(terms, word, now):
        return state, None
    if state.phase == IDLE:
        state = replace(
            state, phase=PENDING, since=word.moment, since_received=word.received, count=0
        )
    state = replace(state, count=state.count + 1)
    has_held = (
        word.moment - state.since >= terms.duration
        or word.received - state.since_received >= terms.duration
    )
    if state.count >= terms.repeats and has_held and _is_free(state, terms, word.received):
        return _fire(state, terms, word.received), BEGUN
    return replace(state, due_at=_due(state, terms)), None


def tick(state, terms, now):
    """Let time pass without a message.

    :return: (State, effect or None)
    """
    if not terms.is_lasting or state.due_at is None or state.due_at > now:
        return state, None
    if not _is_free(state, terms, now):
        return replace(state, due_at=_free_from(state, terms, now)), None
    if state.phase == PENDING:
        return _fire(state, terms, now), BEGUN
    if state.phase == ACTIVE and terms.is_reminding:
        return _fire(state, terms, now), AGAIN
    return replace(state, due_at=None), None


def end(state):
    """Return the state after somebody has ended it by hand."""
    return _rest(state)


def _each(state, terms, word, now):
    """Judge a message for itself: repeats count those in a row, a cooldown leaves some out."""
    if word.holds is None:
        return state, None
    if not word.holds:
        return (replace(state, count=0) if state.count else state), None
    if _is_old(terms, word, now) or (terms.window and not terms.window.is_open(word.moment)):
        return state, None
    state = replace(state, count=state.count + 1, moment=word.moment)
    if state.count < terms.repeats or not _is_cool(state, terms, word.received):
        return state, None
    return replace(state, count=0, fired_at=word.received), MATCHED


def _while_active(state, terms, word, now):
    if word.is_over and not word.holds:
        return _rest(state), ENDED
    if not word.holds or _is_old(terms, word, now):
        return state, None
    state = replace(state, count=state.count + 1)
    if terms.is_reminding and terms.cooldown and _is_free(state, terms, word.received):
        return _fire(state, terms, word.received), AGAIN
    return state, GOES_ON


def _is_old(terms, word, now):
    return terms.oldest is not None and now - word.moment > terms.oldest


def _is_cool(state, terms, now):
    return state.fired_at is None or now >= state.fired_at + terms.cooldown


def _is_free(state, terms, now):
    return _is_cool(state, terms, now) and (not terms.window or terms.window.is_open(now))


def _free_from(state, terms, moment):
    if state.fired_at:
        moment = max(moment, state.fired_at + terms.cooldown)
    return terms.opening(moment)


def _due(state, terms):
    if state.count < terms.repeats:
        return None
    return _free_from(state, terms, state.since_received + terms.duration)


def _fire(state, terms, now):
    state = replace(state, phase=ACTIVE, fired_at=now, due_at=None)
    if terms.is_reminding and terms.cooldown:
        state = replace(state, due_at=_free_from(state, terms, now))
    return state


def _rest(state):
    return replace(state, phase=IDLE, since=None, since_received=None, count=0, due_at=None)
