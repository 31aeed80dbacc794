"""What one pass over a workbook knows: rows by table, references, what was found."""

from dataclasses import dataclass, field

from .rowgraph import ERROR, OK, SKIPPED, KeyIndex


@dataclass
class SheetReport:
    """What became of one sheet, for the summary.

    :ivar handler: technical name of the handler, ``None`` when not recognised
    :ivar label: what the handler reads, for people
    :ivar status: ``read``, ``unknown``, ``ignored``, ``incomplete``, ``hidden`` or ``empty``
    """

    name: str
    status: str
    handler: str | None = None
    label: str = ""
    header_row: int = 0
    columns: list = field(default_factory=list)
    unknown: list = field(default_factory=list)
    missing: list = field(default_factory=list)
    rows: list = field(default_factory=list)


class ImportContext:
    """The state of one pass over a workbook.

    :ivar tables: kind -> rows, in the order of the sheets
    :ivar records: kind -> key -> database id, filled as tables are imported
    :ivar created: model -> ids created by this import
    :ivar updated: model -> number of records changed
    :ivar issues: list of dicts (sheet, row, column, severity, message)
    """

    def __init__(self, today, site_id=None, site_name=None):
        self.today = today
        self.site_id = site_id
        self.site_name = site_name
        self.import_id = None
        self.company_id = None
        self.sheets = []
        self.tables = {}
        self.records = {}
        self.existing = {}
        self.created = {}
        self.updated = {}
        self.issues = []
        self.scratch = {}
        self._indexes = {}

    def add(self, row):
        """Put a row into its table."""
        self.tables.setdefault(row.kind, []).append(row)
        return row

    def good(self, kind):
        """Return the rows of a table that may be imported."""
        return [row for row in self.tables.get(kind, ()) if row.state == OK]

    def report(self, severity, sheet, number, column, message):
        """Write down an issue."""
        self.issues.append(
            {
                "sheet": sheet,
                "row": number,
                "column": column or False,
                "severity": severity,
                "message": message,
            }
        )

    def error(self, row, column, message):
        """Mark a row as faulty, and its sisters made from the same row of the sheet."""
        row.state = ERROR
        self.report(ERROR, row.sheet, row.number, row.columns.get(column, column), message)

    def warn(self, row, column, message):
        """Write down something to look at; the row stays good."""
        self.report("warning", row.sheet, row.number, row.columns.get(column, column), message)

    def skip(self, row, cause, column, message):
        """Leave a row out because of another row's fault, with one warning."""
        row.state = SKIPPED
        row.cause = cause
        self.report("warning", row.sheet, row.number, row.columns.get(column, column), message)

    def index(self, kind):
        """Return the :class:`KeyIndex` of a table; build it once its duplicates are marked."""
        if kind not in self._indexes:
            self._indexes[kind] = KeyIndex(self.tables.get(kind, []))
        return self._indexes[kind]

    def find(self, kinds, key):
        """Return (row, faulty row, known) for a reference.

        ``row`` is the row with that key; ``faulty`` the faulty row that explains why it is missing
        or unusable; ``known`` whether the database already has the key.
        """
        for kind in kinds:
            row = self.index(kind).get(key)
            if row is not None:
                return row, (row if row.state != OK else None), True
        if any(key in self.existing.get(kind, ()) for kind in kinds):
            return None, None, True
        for kind in kinds:
            faulty = self.index(kind).explain(key)
            if faulty is not None:
                return None, faulty, False
        return None, None, False

    def record_id(self, kinds, key):
        """Return the database id for a key: imported now, or there before."""
        for kind in kinds:
            found = self.records.get(kind, {}).get(key) or self.existing.get(kind, {}).get(key)
            if found:
                return found
        return None

    def has_errors(self):
        """Return whether any issue is an error."""
        return any(issue["severity"] == ERROR for issue in self.issues)

    def note_created(self, records):
        """Remember records created by this import, for the undo."""
        self.created.setdefault(records._name, []).extend(records.ids)
        return records

    def note_updated(self, model, count=1):
        """Count records changed by this import."""
        self.updated[model] = self.updated.get(model, 0) + count
