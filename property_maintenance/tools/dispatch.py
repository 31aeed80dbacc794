"""Whose turn it is."""


def round_robin(members, last=None):
    """Return the member after the last one, in the order given.

    :param members: hashable members in their fixed order
    :param last: who had the turn before; may have left since
    :return: a member, None when there is none

    >>> round_robin([3, 5, 8], last=5), round_robin([3, 5, 8], last=8), round_robin([3], last=7)
    (8, 3, 3)
    """
    if not members:
        return None
    if last not in members:
        return members[0]
    return members[(members.index(last) + 1) % len(members)]


def least_loaded(members, loads, last=None):
    """Return the member with the least work; among equals it goes round.

    :param members: hashable members in their fixed order
    :param dict loads: member -> number of open requests; missing means none
    :param last: who had the turn before
    :return: a member, None when there is none

    >>> least_loaded([3, 5, 8], {3: 2, 5: 1, 8: 1}, last=5)
    8
    """
    least = min((loads.get(member, 0) for member in members), default=0)
    equals = [member for member in members if loads.get(member, 0) == least]
    if last in members and last not in equals:
        turn = members.index(last)
        return next((m for m in members[turn:] if m in equals), equals[0])
    return round_robin(equals, last)
