from contextlib import contextmanager

from odoo import api, models

#: Where a transaction keeps what is being changed. Not the context: its caller could set it.
CHANGES = "property.audited"


class PropertyAudited(models.AbstractModel):
    """Records that decide what somebody pays: the audit log has every change of them.

    A line is told as a change of its record, written with it or alone; what one call changes is
    told once.
    """

    _name = "property.audited"
    _description = "Record Whose Changes are Logged"

    #: Field of a line with the record that it is a part of; None: the model is no line.
    _audit_parent = None

    @api.model
    def _audit_fields(self):
        """Return the names of the fields that decide what is paid; extended by models."""
        return []

    def _audit_values(self):
        """Return what the log keeps of a record.

        :return: dict of what JSON can hold, by names of fields; empty: not worth an entry
        """
        self.ensure_one()
        return {name: self._audit_value(name) for name in self._audit_fields()}

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base` to log what is new."""
        with self._audited(self._audit_records(vals_list)) as changes:
            records = super().create(vals_list)
            if not self._audit_parent:
                changes.update(dict.fromkeys(records))
            return records

    def write(self, vals):
        """Override of `base` to log what is changed, with what it was before."""
        with self._audited(self._audit_records([vals])):
            return super().write(vals)

    def unlink(self):
        """Override of `base` to log what is removed."""
        if self._audit_parent:
            with self._audited(self._audit_records()):
                return super().unlink()
        for record_sudo in self.sudo():  # the log tells more than whoever writes may see
            if before := record_sudo._audit_values():
                record_sudo._log_change(before, None)
        return super().unlink()

    @contextmanager
    def _audited(self, records):
        """Log how these records differ after the block; a block inside another joins it.

        :param records: the records concerned
        :yield: what each record was before: dict by record, None for a new one
        """
        data = self.env.cr.precommit.data
        changes, is_first = data.get(CHANGES), False
        if changes is None:
            changes, is_first = data.setdefault(CHANGES, {}), True
        try:
            for record_sudo in records.sudo():  # as in unlink
                if record_sudo not in changes:
                    changes[record_sudo] = record_sudo._audit_values()
            yield changes
        finally:
            if is_first:
                data.pop(CHANGES, None)
        if is_first:
            self._log_changes(changes)

    @api.model
    def _log_changes(self, changes):
        for model in {record._name for record in changes}:
            ids = [record.id for record in changes if record._name == model]
            # sudo as in unlink, which has logged what is gone
            for record_sudo in self.env[model].sudo().browse(ids).exists():
                before, after = changes[record_sudo] or None, record_sudo._audit_values() or None
                if before != after:
                    record_sudo._log_change(before, after)

    def _log_change(self, before, after):
        """Append an entry about a record.

        :param before: its values, or None where it is new
        :param after: its values, or None where it is removed
        :return: the entry, or none where it is not worth one
        """
        return self.env["property.audit"]._log("money", self, before=before, after=after)

    def _audit_records(self, vals_list=()):
        """Return the records that the log tells changes of: these, or what these are lines of."""
        if not self._audit_parent:
            return self
        default = self.env.context.get(f"default_{self._audit_parent}")
        ids = {vals.get(self._audit_parent, default) for vals in vals_list} - {None, False}
        parents = self[self._audit_parent]
        return parents | parents.browse(ids)

    def _audit_value(self, name):
        field, value = self._fields[name], self[name]
        if field.relational:
            names = [self.env["property.audit"]._name_of(record) for record in value]
            return names[0] if field.type == "many2one" and names else sorted(names)
        if field.type in ("float", "monetary"):
            return f"{value:.6f}".rstrip("0").rstrip(".")
        return str(value or "") if field.type in ("date", "datetime") else value
