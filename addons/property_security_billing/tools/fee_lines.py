"""The sentence that explains a fee, split into the lines of a page or a paper."""


def fee_lines(text):
    """Return the lines of an explained fee as (words, amount or nothing).

    :param str text: explanation of a fee, or nothing

    >>> fee_lines("In at 19:53\\n9 × 30 minutes  ¥22.50")
    [('In at 19:53', ''), ('9 × 30 minutes', '¥22.50')]
    >>> fee_lines(None)
    []
    """
    parts = (line.rpartition("  ¥") for line in (text or "").splitlines())
    return [(words, f"¥{amount}") if words else (amount, "") for words, _found, amount in parts]
