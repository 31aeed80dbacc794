"""How near a statutory certificate is to its end, and which warning is due."""

#: Days before the end at which the manager is warned, once each.
WARNINGS = (60, 30, 7)
#: The stage of a certificate whose last day is over.
LAPSED = 0
#: What a certificate is called at each stage.
STAGE_NAMES = {None: "valid", 60: "60", 30: "30", 7: "7", LAPSED: "lapsed"}


def stage(expiry, today):
    """Return the tightest warning reached: 60, 30, 7, 0 when lapsed, None when far away.

    :param expiry: last day the certificate is valid

    >>> from datetime import date
    >>> stage(date(2026, 3, 31), date(2026, 1, 30)), stage(date(2026, 3, 31), date(2026, 3, 31))
    (60, 7)
    >>> stage(date(2026, 3, 31), date(2026, 4, 1))
    0
    """
    left = (expiry - today).days
    if left < 0:
        return LAPSED
    return min((days for days in WARNINGS if left <= days), default=None)


def due_warning(expiry, today, warned=None):
    """Return the stage to warn about now, None when there is nothing new to say.

    Days without a run are caught up by the tightest stage alone: nobody is told today of sixty
    days when only five are left.

    :param warned: the stage told last, None for none

    >>> from datetime import date
    >>> due_warning(date(2026, 3, 31), date(2026, 3, 26)), due_warning(
    ...     date(2026, 3, 31), date(2026, 3, 26), 7)
    (7, None)
    """
    reached = stage(expiry, today)
    if reached is None or (warned is not None and warned <= reached):
        return None
    return reached
