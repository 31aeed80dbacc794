"""The life of a service request: which event may happen in which step, by whom, leading where."""

from typing import NamedTuple

STEPS = (
    "new",
    "assigned",
    "accepted",
    "on_site",
    "done",
    "confirmed",
    "closed",
    "cancelled",
)
OPEN_STEPS = ("new", "assigned", "accepted", "on_site")
WORKING_STEPS = ("assigned", "accepted", "on_site")
FINISHED_STEPS = ("done", "confirmed", "closed")
#: Kinds that are settled without going there.
DESK_KINDS = ("complaint", "suggestion", "enquiry")


class Event(NamedTuple):
    """Something that happens to a request.

    ``sources``: steps it may happen in; ``target``: the step it leads to, None for no change;
    ``actors``: who may do it, any of desk, assignee, pool, contact (managers may do all).
    """

    sources: tuple
    target: str | None
    actors: tuple


EVENTS = {
    "assign": Event(("new", "assigned"), "assigned", ("desk",)),
    "take": Event(("new",), "accepted", ("pool",)),
    "accept": Event(("assigned",), "accepted", ("assignee",)),
    "reject": Event(("assigned",), "new", ("assignee",)),
    "transfer": Event(WORKING_STEPS, "assigned", ("assignee", "desk")),
    "arrive": Event(("accepted",), "on_site", ("assignee",)),
    "pause": Event(WORKING_STEPS, None, ("assignee", "desk")),
    "resume": Event(WORKING_STEPS, None, ("assignee", "desk")),
    "done": Event(("on_site",), "done", ("assignee",)),
    "confirm": Event(("done",), "confirmed", ("contact", "desk")),
    "auto_confirm": Event(("done",), "confirmed", ()),
    "rate": Event(("done", "confirmed"), "closed", ("contact", "desk")),
    "reopen": Event(FINISHED_STEPS, "new", ("contact", "desk")),
    "urge": Event(OPEN_STEPS, None, ("contact", "desk")),
    "cancel": Event(OPEN_STEPS, "cancelled", ("contact", "desk")),
    "return_visit": Event(FINISHED_STEPS, None, ("desk",)),
}


def may_happen(event, step, kind):
    """Tell whether an event may happen to a request of a kind in a step.

    What is settled at the desk needs nobody on site, so it is done straight from accepted.

    :param str event: a key of EVENTS
    :param str step: one of STEPS
    :param str kind: repair, complaint, …

    >>> may_happen("done", "on_site", "repair"), may_happen("done", "accepted", "repair")
    (True, False)
    >>> may_happen("done", "accepted", "enquiry")
    True
    >>> may_happen("take", "assigned", "repair")
    False
    """
    if event == "done" and step == "accepted" and kind in DESK_KINDS:
        return True
    return step in EVENTS[event].sources


def events_from(step, kind):
    """Return the events that may happen in a step.

    >>> events_from("cancelled", "repair")
    []
    >>> events_from("new", "repair")
    ['assign', 'take', 'urge', 'cancel']
    """
    return [event for event in EVENTS if may_happen(event, step, kind)]
