"""How often somebody may ask on a page without login."""

from typing import NamedTuple


class Limit(NamedTuple):
    """So many events within so many seconds, at most a day.

    :param name: unlike that of any other limit of any addon
    """

    name: str
    events: int
    seconds: int
