"""Several cars on one parking space (一位多车): who has the space, and from when."""


def space_from(entry, earlier_exits, spaces):
    """Return the moment from which a car inside has one of the spaces of its pass.

    The first to come has the space until it leaves; then the next by order of entry takes it. So
    a car has a space as soon as fewer earlier ones than there are spaces are still inside, and
    from then on until it leaves.

    :param entry: when the car came in
    :param earlier_exits: when each car that came before it left, None for those still inside
    :param spaces: number of spaces of the pass, 0 for any number
    :return: the moment, or None while it has none

    >>> space_from(9, [], 1), space_from(9, [12], 1), space_from(9, [None], 1)
    (9, 12, None)
    >>> space_from(9, [12, 10, None], 2), space_from(9, [8, None], 2), space_from(9, [None], 0)
    (12, 9, 9)
    """
    before = [leave for leave in earlier_exits if leave is None or leave > entry]
    surplus = len(before) - spaces + 1
    if not spaces or surplus <= 0:
        return entry
    leaving = sorted(leave for leave in before if leave is not None)
    return leaving[surplus - 1] if surplus <= len(leaving) else None
