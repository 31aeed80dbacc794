"""How long to wait before something that failed is tried again."""

FIRST, FACTOR, LONGEST = 5, 3, 3600  # seconds


def pause(tries):
    """Return the seconds to wait after so many tries.

    >>> [pause(tries) for tries in (0, 1, 2, 3, 4, 5, 50)]
    [5, 5, 15, 45, 135, 405, 3600]
    """
    return min(FIRST * FACTOR ** min(max(tries - 1, 0), 20), LONGEST)
