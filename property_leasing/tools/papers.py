"""Files that come from outside: known by their first bytes, whatever their name says. Pure."""

MAX_BYTES = 10 * 1024 * 1024
MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)


class PaperError(ValueError):
    """A file that is not taken; ``reason`` is "empty", "too_large" or "unknown"."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def paper_type(content):
    """Return the media type of a paper.

    :param bytes content: the file
    :raise PaperError: when it is empty, over 10 MB, or neither PDF, JPEG nor PNG

    >>> paper_type(b"%PDF-1.7 ..."), paper_type(b"\\xff\\xd8\\xff\\xe0")
    ('application/pdf', 'image/jpeg')
    >>> for wrong in (b"", b"<svg/>", b"MZ"):
    ...     try:
    ...         print(paper_type(wrong))
    ...     except PaperError as error:
    ...         print(error.reason)
    empty
    unknown
    unknown
    """
    if not content:
        raise PaperError("empty")
    if len(content) > MAX_BYTES:
        raise PaperError("too_large")
    found = next((kind for magic, kind in MAGIC if content.startswith(magic)), None)
    if not found:
        raise PaperError("unknown")
    return found
