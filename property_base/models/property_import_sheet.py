from odoo import api, models

from ..tools import headers
from ..tools.cellread import CellError, clean_text, is_blank
from ..tools.rowgraph import ERROR, OK, Row, find_duplicates


class PropertyImportSheet(models.AbstractModel):
    """What every sheet handler does: read rows, find what is wrong, write what is good.

    A handler is an abstract model ``property.import.sheet.<kind>``; any addon may add one. It says
    by which names and headers its sheet is known, reads a row in `_convert`, names the row's key
    and what it refers to, and writes good rows in `_import`. A handler of another layout inherits
    the handler of the same kind and only reads differently: it keeps ``_sheet_kind``.
    """

    _name = "property.import.sheet"
    _description = "Workbook Sheet"

    #: Table the rows belong to; the handler named after it writes them.
    _sheet_kind = None
    #: Tables are checked and written in this order.
    _sheet_order = 100
    #: Names of the sheet, also used to find the site's name in the title row.
    _sheet_names = ()
    #: Columns by header text.
    _sheet_columns = ()
    #: Whether the rows are imported; a sheet may be recognised only to say that it is not.
    _sheet_imports = True

    #: Keys of columns whose cells must be filled although the sheet is recognised without them.
    _template_required = ()

    # What a handler overrides

    @api.model
    def _template_rows(self):
        """Return the example rows of the template: list of dict column key -> value."""
        return []

    @api.model
    def _template_notes(self):
        """Return how to fill in each column: dict column key -> sentence."""
        return {}

    @api.model
    def _sheet_label(self):
        """Return what the sheet holds, for people."""
        return self._sheet_names[0] if self._sheet_names else self._name

    @api.model
    def _ignored_message(self):
        """Return why a recognised sheet is not imported."""
        return self.env._("This sheet was recognised but is not imported.")

    @api.model
    def _convert(self, row, context):
        """Read ``row.raw`` into ``row.vals`` and set ``row.key``; report what cannot be read."""

    @api.model
    def _explode(self, row, context):
        """Return the rows one row of the sheet stands for; itself, for most sheets."""
        return [row]

    @api.model
    def _references(self, row):
        """Return what a row refers to: list of (kinds, key, column)."""
        return []

    @api.model
    def _existing(self, context):
        """Return what the site already has: dict key -> database id."""
        return {}

    @api.model
    def _check_table(self, rows, context):
        """Check the good rows of a table against each other."""

    @api.model
    def _import(self, rows, context):
        """Write the good rows; fill ``context.records`` of the kind."""

    @api.model
    def _finish(self, context):
        """Do what needs all tables written."""

    # Reading

    @api.model
    def _needed_columns(self):
        return [column for column in self._sheet_columns if column.needed]

    @api.model
    def _matches_name(self, name):
        """Return how well a sheet's name fits: 2 exactly, 1 as a part, 0 not at all."""
        text = clean_text(name)
        if text in self._sheet_names:
            return 2
        tail = headers.site_from_title(f"x {text}", self._sheet_names)
        return 1 if tail or any(text.endswith(known) for known in self._sheet_names) else 0

    @api.model
    def _read_rows(self, sheet, header, context):
        """Return the rows below the header, without blanks, totals, notes and repeated headers."""
        rows = []
        labels = {headers.normalise_header(label) for label in header.labels.values()}
        for number, cells in sheet.rows:
            if number <= header.row:
                continue
            raw = {
                key: cells[index] if index < len(cells) else None
                for key, index in header.columns.items()
            }
            if self._is_no_data(raw, cells[: header.limit], labels):
                continue
            row = Row(sheet.name, number, self._sheet_kind, raw, columns=header.labels)
            self._convert(row, context)
            for part in self._explode(row, context):
                # A building stays good when the first of its rooms has a fault.
                if row.state != OK and part.state == OK and part.kind != "building":
                    part.state = ERROR
                context.add(part)
            rows.append(row)
        return rows

    @api.model
    def _is_no_data(self, raw, cells, labels):
        filled = [clean_text(value) for value in raw.values() if clean_text(value)]
        if not filled:
            return True
        first = next(clean_text(cell) for cell in cells if clean_text(cell))
        if headers.is_total(first) or any(headers.is_total(text) for text in filled[:2]):
            return True
        if len([cell for cell in cells if clean_text(cell)]) == 1 and headers.is_note(first):
            return True
        return len(filled) > 1 and all(headers.normalise_header(t) in labels for t in filled)

    @api.model
    def _cell(self, row, context, key, reader, required=False, **options):
        """Return the value of a cell; report it and return ``None`` where it cannot be read."""
        raw = row.raw.get(key)
        try:
            value = reader(raw, **options)
        except CellError as error:
            context.error(row, key, self._cell_message(error))
            return None
        if required and (value is None or value == [] or value == ""):
            context.error(row, key, self.env._("This cell is empty. Fill it in."))
            return None
        return value

    @api.model
    def _choice(self, row, context, key, options, required=False, default=None):
        """Return what a word in a cell stands for.

        :param options: dict of word -> value
        """
        raw = row.raw.get(key)
        if is_blank(raw):
            if required:
                context.error(row, key, self.env._("This cell is empty. Fill it in."))
            return default
        text = headers.normalise_header(raw)
        for word, value in options.items():
            if headers.normalise_header(word) == text:
                return value
        known = "、".join(list(dict.fromkeys(options))[:12])
        context.error(
            row,
            key,
            self.env._(
                "“%(value)s” is not known here. Use one of: %(known)s.",
                value=clean_text(raw)[:40],
                known=known,
            ),
        )
        return default

    @api.model
    def _cell_message(self, error):
        """Return a sentence for what is wrong with a cell and how to put it right."""
        value = error.value
        messages = {
            "number": self.env._("“%(v)s” is not a number. Write it in digits.", v=value),
            "integer": self.env._("“%(v)s” is not a whole number.", v=value),
            "positive": self.env._("“%(v)s” must be greater than zero.", v=value),
            "minimum": self.env._("“%(v)s” is too small.", v=value),
            "maximum": self.env._("“%(v)s” is too large.", v=value),
            "rate": self.env._("“%(v)s” is not a rate. Write it like 6%%.", v=value),
            "date": self.env._("“%(v)s” is not a date. Write it like 2024-09-01.", v=value),
            "date_range": self.env._("“%(v)s” is no day that can be meant here.", v=value),
            "no_such_day": self.env._(
                "“%(v)s” does not exist in the calendar. Correct the day.", v=value
            ),
            "period": self.env._("“%(v)s” is not a month. Write it like 2026-09.", v=value),
            "phone_length": self.env._(
                "“%(v)s” has the wrong number of digits. A mobile number has 11; a land line "
                "needs its area code.",
                v=value,
            ),
            "phone_form": self.env._("“%(v)s” is not a phone number. Correct it.", v=value),
            "name": self.env._("“%(v)s” is not a name. Write the person's name.", v=value),
            "plate": self.env._(
                "“%(v)s” is not a number plate. Write province, letter and 5 or 6 characters, "
                "like 浙A12345.",
                v=value,
            ),
            "id_length": self.env._(
                "An ID number has 18 characters; this one has another length. Correct it."
            ),
            "id_birth": self.env._("The birth date inside the ID number is wrong. Correct it."),
            "id_check": self.env._(
                "The last character of the ID number does not fit the others. Compare it with the "
                "document."
            ),
            "id_form": self.env._("This is not an ID number. Correct it or leave it blank."),
            "id_precision": self.env._(
                "The ID number was stored as a number and lost its last digits. Format the cell as "
                "text and type it again."
            ),
            "unit_code": self.env._(
                "“%(v)s” is not a unit. Write building-entrance-room, like 1-1-101.", v=value
            ),
            "excel_error": self.env._("The formula in this cell failed. Enter the value.", v=value),
        }
        return messages.get(error.code) or self.env._(
            "“%(v)s” cannot be read here. Correct the cell.", v=value
        )

    # Checking

    @api.model
    def _mark_duplicates(self, rows, context):
        """Report the odd one out of every pair with one key, and point its twin at it."""
        for faulty, twin in find_duplicates(rows):
            column = self._key_column()
            # A row that is at fault already needs no second error for its key.
            if faulty.state == OK:
                context.error(
                    faulty,
                    column,
                    self.env._(
                        "%(key)s stands in row %(row)s too. Correct the one that is wrong.",
                        key=self._shown_key(faulty),
                        row=twin.number,
                    ),
                )
            if twin.state == OK:
                context.warn(
                    twin,
                    column,
                    self.env._(
                        "Row %(row)s repeats %(key)s; this row is taken, check which is right.",
                        key=self._shown_key(faulty),
                        row=faulty.number,
                    ),
                )

    @api.model
    def _key_column(self):
        return self._sheet_columns[0].key

    @api.model
    def _shown_key(self, row):
        """Return a row's key the way people write it."""
        return row.key

    @api.model
    def _check_references(self, row, context):
        """Report a reference to nothing; leave a row out with the faulty row it hangs on."""
        for kinds, key, column in self._references(row):
            _target, faulty, known = context.find(kinds, key)
            if faulty is not None:
                self._skip(row, faulty, column, context)
                return
            if not known:
                context.error(row, column, self._unknown_message(kinds, key))
                return

    @api.model
    def _skip(self, row, faulty, column, context):
        root = faulty.root()
        context.skip(
            row,
            faulty,
            column,
            self.env._(
                "Left out because row %(row)s of sheet %(sheet)s has an error. Correct that row.",
                row=root.number,
                sheet=root.sheet,
            ),
        )

    @api.model
    def _unknown_message(self, kinds, key):
        return self.env._(
            "%(key)s is not in this workbook and not in the system. Correct it or add it.", key=key
        )

    # Writing

    @api.model
    def _create(self, model, vals_list, context, batch=1000):
        """Create records in batches and remember them for the undo.

        :return: the records, in the order of ``vals_list``
        """
        records = self.env[model]
        if "import_id" in records._fields:
            vals_list = [{**vals, "import_id": context.import_id} for vals in vals_list]
        for start in range(0, len(vals_list), batch):
            records += self.env[model].create(vals_list[start : start + batch])
        return context.note_created(records)

    @api.model
    def _update(self, record, vals, context):
        """Write only what differs; a record that is the same stays untouched."""
        changes = {
            name: value for name, value in vals.items() if self._differs(record, name, value)
        }
        if changes:
            record.write(changes)
            context.note_updated(record._name)
        return bool(changes)

    @api.model
    def _differs(self, record, name, value):
        current = record[name]
        field = record._fields[name]
        if field.type == "many2one":
            return (current.id or False) != (value or False)
        if field.type in ("float", "monetary"):
            return abs((current or 0.0) - float(value or 0.0)) > 1e-9
        return (current or False) != (value or False)

    @api.model
    def _upsert(self, kind, model, rows, prepare, context, batch=1000):
        """Create or update a record for each row by its key.

        :param prepare: function row -> vals
        """
        existing = context.existing.get(kind, {})
        keys, new = [], []
        for row in rows:
            vals = prepare(row)
            found = existing.get(row.key)
            if found:
                record = self.env[model].browse(found)
                if "active" in record._fields:
                    vals = {**vals, "active": True}
                self._update(record, vals, context)
                context.records[kind][row.key] = found
            else:
                keys.append(row.key)
                new.append(vals)
        records = self._create(model, new, context, batch)
        context.records[kind].update(zip(keys, records.ids, strict=True))
        return records
