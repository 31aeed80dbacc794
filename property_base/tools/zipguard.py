"""Refuse hostile or unreadable uploads before a parser sees them."""

import re
import zipfile
from io import BytesIO

MAX_BYTES = 30 * 1024 * 1024
MAX_ENTRIES = 2000
MAX_UNPACKED = 300 * 1024 * 1024
MAX_RATIO = 150
_RATIO_FROM = 5 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)|<\x00!\x00[DE]\x00|\x00<\x00!\x00[DE]")
_PASSWORD = "EncryptedPackage".encode("utf-16-le")


class WorkbookError(ValueError):
    """A file that is refused as a whole.

    :ivar code: why; callers turn it into a sentence
    """

    def __init__(self, code, **params):
        self.code = code
        self.params = params
        super().__init__(code)


def file_kind(filename, data):
    """Return ``xlsx`` or ``csv`` for an upload that may be parsed.

    :param data: the bytes of the file
    :raise WorkbookError: ``empty``, ``too_big``, ``password``, ``old_xls``, ``macro``, ``bomb``,
        ``broken``, ``entities``, ``not_workbook``
    """
    if not data:
        raise WorkbookError("empty")
    if len(data) > MAX_BYTES:
        raise WorkbookError("too_big", limit=MAX_BYTES // 1024 // 1024)
    if data.startswith(_OLE):
        raise WorkbookError("password" if _PASSWORD in data else "old_xls")
    suffix = filename.rsplit(".", 1)[-1].lower() if filename and "." in filename else ""
    if data.startswith(b"PK"):
        guard_zip(data)
        return "xlsx"
    if suffix in ("xlsm", "xltm", "xlam"):
        raise WorkbookError("macro")
    if suffix in ("xlsx", "xltx"):
        raise WorkbookError("broken")
    if suffix not in ("csv", "txt", "tsv", ""):
        raise WorkbookError("not_workbook")
    head = data[:4096]
    utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if (b"\x00" in head and not utf16) or head.startswith(
        (b"%PDF", b"\x89PNG", b"\xff\xd8", b"Rar!")
    ):
        raise WorkbookError("not_workbook")
    return "csv"


def guard_zip(data):
    """Check the table of contents of a zip, then its XML for entity declarations.

    The sizes in the table of contents bind: ``zipfile`` never unpacks more than they say.

    :raise WorkbookError: see :func:`file_kind`
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            _guard_sizes(entries)
            names = {entry.filename.lower() for entry in entries}
            if any(entry.flag_bits & 0x1 for entry in entries):
                raise WorkbookError("password")
            if any("vbaproject" in name or "/macrosheets/" in name for name in names):
                raise WorkbookError("macro")
            if "xl/workbook.xml" not in names and "xl/workbook.bin" in names:
                raise WorkbookError("old_xls")
            if "[content_types].xml" not in names or not any(n.startswith("xl/") for n in names):
                raise WorkbookError("not_workbook")
            for entry in entries:
                _guard_xml(archive, entry)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError) as error:
        raise WorkbookError("broken") from error
    except (NotImplementedError, RuntimeError, ValueError) as error:
        if isinstance(error, WorkbookError):
            raise
        raise WorkbookError("broken") from error


def _guard_sizes(entries):
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise WorkbookError("bomb")
    for entry in entries:
        if (
            entry.file_size > _RATIO_FROM
            and entry.file_size > max(entry.compress_size, 1) * MAX_RATIO
        ):
            raise WorkbookError("bomb")


def _guard_xml(archive, entry):
    if not entry.filename.lower().endswith((".xml", ".rels", ".vml")):
        return
    tail = b""
    with archive.open(entry) as stream:
        first = True
        while chunk := stream.read(1 << 20):
            if (
                first
                and entry.filename.lower() == "[content_types].xml"
                and b"macroEnabled" in chunk
            ):
                raise WorkbookError("macro")
            first = False
            if _DTD.search(tail + chunk):
                raise WorkbookError("entities")
            tail = chunk[-32:]
