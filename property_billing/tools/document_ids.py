"""Ids of documents that a client names."""

MAX_ID = 2**31 - 1
MAX_COUNT = 200


def is_document_id(value):
    """Tell whether a value is a possible record id (a boolean is not).

    >>> [is_document_id(value) for value in (7, True, -1, 0, "7", 2**31, None, 7.0)]
    [True, False, False, False, False, False, False, False]
    """
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MAX_ID


def parse_document_ids(value):
    """Read the ids of documents that a client sent as a list of integers.

    :param value: anything
    :return: sorted list of different ids, at least one and at most 200
    :raise ValueError: for everything else

    >>> parse_document_ids([3, 1])
    [1, 3]
    >>> for wrong in (None, [], "1", {"1": 1}, [True], [-1], [1.0], ["1"], [[1]], [1, 1],
    ...               [2**40], list(range(1, 300))):
    ...     try:
    ...         print(parse_document_ids(wrong))
    ...     except ValueError:
    ...         pass
    """
    if not isinstance(value, list) or not 0 < len(value) <= MAX_COUNT:
        raise ValueError(f"between 1 and {MAX_COUNT} ids are expected")
    if not all(is_document_id(item) for item in value) or len(set(value)) != len(value):
        raise ValueError("different positive integers are expected")
    return sorted(value)


def parse_document_ids_text(values):
    """Read ids from the query string of a page: `?invoice_ids=1&invoice_ids=2` or `1,2`.

    :param list values: the texts of the parameter
    :return: as for parse_document_ids
    :raise ValueError: for everything that is not ids

    >>> parse_document_ids_text(["12,7", "9"])
    [7, 9, 12]
    >>> for wrong in ([], [""], ["1;2"], ["-1"], ["１"], ["1e3"], ["9" * 5000]):
    ...     try:
    ...         print(parse_document_ids_text(wrong))
    ...     except ValueError:
    ...         pass
    """
    texts = [text for value in values for text in value.split(",")]
    if len(texts) > MAX_COUNT or not all(
        text.isascii() and text.isdigit() and len(text) <= 10 for text in texts
    ):
        raise ValueError("ids are expected")
    return parse_document_ids([int(text) for text in texts])
