"""What happens on the demo sites in fourteen months: plain values, the same for the same seed."""

from dataclasses import dataclass, field
from datetime import timedelta

from .texts import CATALOGUE

MONTHS = 14
PER_DAY = 1.45
#: of 24 hours in Shanghai: when people call
HOUR_WEIGHTS = [1, 0, 0, 0, 0, 1, 3, 8, 14, 15, 13, 10, 7, 8, 10, 11, 10, 10, 12, 11, 8, 5, 3, 1]
CHANNELS = {"portal": 46, "phone": 30, "counter": 12, "field": 8, "mail": 2, "device": 2}
SHANGHAI = timedelta(hours=8)
#: How today's board stands: step -> how many
BOARD = {"new": 7, "assigned": 5, "accepted": 6, "on_site": 5, "done": 6}


@dataclass
class Planned:
    """One request of the demo; shares are parts of the time allowed."""

    category: str
    subject: str
    is_public: bool
    raised_at: object
    step: str
    channel: str
    is_urgent: bool
    worker: int
    shares: tuple
    note: str
    materials: list
    luck: float
    events: list = field(default_factory=list)


def plan_history(rng, now):
    """Return the requests of the past, oldest first: finished, rated, some cancelled."""
    planned = []
    days = MONTHS * 30
    for back in range(days, 1, -1):
        day = now - timedelta(days=back)
        local_month = (day + SHANGHAI).month
        season = {7: 1.45, 8: 1.4, 6: 1.2, 12: 1.15, 1: 1.2, 2: 0.8}.get(local_month, 1.0)
        progress = 1 - back / days
        expected = PER_DAY * season * (0.8 + 0.4 * progress)
        count = int(expected) + (rng.random() < expected % 1)
        for _number in range(count):
            planned.append(_planned(rng, _moment(rng, day), progress, _past_step(rng)))
    return sorted(planned, key=lambda one: one.raised_at)


def plan_board(rng, now):
    """Return what is on the board now: fresh, at work, late, waiting to be confirmed."""
    planned = []
    for step, count in BOARD.items():
        for number in range(count):
            hours = {"new": 0.12, "assigned": 0.35, "accepted": 1.6, "on_site": 3, "done": 30}[step]
            raised = now - timedelta(
                hours=hours * (0.4 + 0.35 * number), minutes=rng.randint(0, 20)
            )
            one = _planned(rng, raised, 1.0, step)
            if step == "new":
                one.worker = -1
            if step == "on_site" and number == 0:
                one.events.append("pause")
            if number == 1 and step in ("assigned", "accepted"):
                one.events.append("urge")
            planned.append(one)
    return planned


def _planned(rng, raised, progress, step):
    category = rng.choices(list(CATALOGUE), [entry[0] for entry in CATALOGUE.values()])[0]
    _weight, subjects, is_public, notes, materials = CATALOGUE[category]
    worker = rng.choices((0, 1, 2), (40, 35, 25))[0]
    miss = 0.1 - 0.07 * progress + (0.03 if worker == 2 else 0)
    shares = tuple(_share(rng, miss) for _clock in range(3))
    luck = rng.random()
    one = Planned(
        category=category,
        subject=rng.choice(subjects),
        is_public=is_public,
        raised_at=raised,
        step=step,
        channel=rng.choices(list(CHANNELS), list(CHANNELS.values()))[0],
        is_urgent=category in ("water_leak", "power_cut", "lift_trapped") and rng.random() < 0.6,
        worker=worker,
        shares=shares,
        note=rng.choice(notes),
        materials=materials,
        luck=luck,
    )
    if step in ("closed", "confirmed"):
        one.events += [
            name
            for name, share in (
                ("reject", 0.03),
                ("transfer", 0.05),
                ("urge", 0.07),
                ("reopen", 0.06 if worker == 2 else 0.035),
                ("pause", 0.06),
                ("return_visit", 0.4),
            )
            if rng.random() < share
        ]
    return one


def _share(rng, miss):
    return rng.uniform(1.05, 2.4) if rng.random() < miss else rng.betavariate(2, 3.2) * 0.95


def _past_step(rng):
    return rng.choices(("closed", "confirmed", "cancelled"), (60, 37, 3))[0]


def _moment(rng, day):
    hour = rng.choices(range(24), HOUR_WEIGHTS)[0]
    local = (day + SHANGHAI).replace(hour=hour, minute=rng.randint(0, 59), second=0, microsecond=0)
    return local - SHANGHAI


def stars_of(rng, one, is_late):
    """Return speed, quality and attitude as the resident feels them."""
    mood = one.luck - (0.35 if is_late else 0) - (0.3 if "reopen" in one.events else 0)
    best = 5 if mood > 0.25 else 4 if mood > 0.05 else 3 if mood > -0.2 else 2
    speed = max(1, best - (1 if is_late else 0) - (rng.random() < 0.12))
    quality = max(1, best - (1 if "reopen" in one.events else 0) - (rng.random() < 0.1))
    return speed, quality, max(1, best - (rng.random() < 0.08))
