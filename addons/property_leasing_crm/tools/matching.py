"""How well a space suits a wish: points out of a hundred, and what they are for."""

import re
from dataclasses import dataclass

AREA, BUDGET, TRADE, FLOOR = 40, 30, 20, 10
TOLERANCE = 0.3  # so far beside the wish nothing of the points is left
WORDS = re.compile(r"[\s,，、;；/|和及与]+")


@dataclass(frozen=True)
class Wish:
    """What a prospect looks for; zero or empty where he does not mind.

    ``area_from``, ``area_to`` in m²; ``budget``: rent of a month.
    """

    area_from: float = 0.0
    area_to: float = 0.0
    budget: float = 0.0
    trade: str = ""
    floor_from: int = 0
    floor_to: int = 0


@dataclass(frozen=True)
class Offered:
    """What a space offers; ``rent``: asked for a month, zero if it is not told."""

    area: float
    rent: float = 0.0
    trade: str = ""
    floor: int = 0


def score(wish, space):
    """Return the points of a space for a wish.

    :param wish: Wish
    :param space: Offered
    :return: dict ``area``, ``budget``, ``trade``, ``floor`` and their sum ``total``

    >>> score(Wish(80, 120, 12000, "餐饮", 1, 2), Offered(100, 11000, "零售、餐饮", 1))["total"]
    100
    >>> score(Wish(80, 120, 10000), Offered(138, 11500))
    {'area': 20, 'budget': 15, 'trade': 20, 'floor': 10, 'total': 65}
    """
    points = {
        "area": _points(AREA, _beside(space.area, wish.area_from, wish.area_to)),
        "budget": _points(BUDGET, _beside(space.rent, 0, wish.budget)),
        "trade": _trade_points(wish.trade, space.trade),
        "floor": _floor_points(wish, space.floor),
    }
    return {**points, "total": sum(points.values())}


def _points(most, beside):
    return round(most * max(0.0, 1 - beside / TOLERANCE))


def _beside(value, low, high):
    """Return by which part of the bound a value lies beside a span; 0 within it."""
    if low and value < low:
        return (low - value) / low
    if high and value > high:
        return (value - high) / high
    return 0.0


def _trade_points(wanted, suits):
    if not wanted:
        return TRADE
    if not suits:
        return TRADE // 2  # nobody said what it suits
    return TRADE if words(wanted) & words(suits) else 0


def words(text):
    """Return the trades named in a text.

    >>> sorted(words("零售、餐饮")) == sorted(["零售", "餐饮"])
    True
    """
    return {word for word in WORDS.split(text or "") if word}


def _floor_points(wish, floor):
    low = wish.floor_from or wish.floor_to
    high = wish.floor_to or wish.floor_from
    if not low:
        return FLOOR
    if min(low, high) <= floor <= max(low, high):
        return FLOOR
    return FLOOR // 2 if min(low, high) - 1 <= floor <= max(low, high) + 1 else 0
