from odoo import models
from odoo.exceptions import UserError
from psycopg2 import errors

from .property_import_engine import QUIET


class PropertyImport(models.Model):
    _inherit = "property.import"

    def _undo_blockers(self):
        """Return sentences that say why this import cannot be undone; further addons extend it."""
        created = self.created_records or {}
        units = created.get("property.unit", [])
        blockers = []
        later = self.env["property.occupancy"].search_count(
            [
                ("unit_id", "in", units),
                ("id", "not in", created.get("property.occupancy", [])),
            ]
        )
        if later:
            blockers.append(
                self.env._(
                    "%(count)s occupancies were entered on its units since. Remove them first.",
                    count=later,
                )
            )
        others = (
            self.env["property.unit"]
            .with_context(active_test=False)
            .search_count(
                [
                    "|",
                    ("building_id", "in", created.get("property.building", [])),
                    ("site_id", "in", created.get("property.site", [])),
                    ("id", "not in", units),
                ]
            )
        )
        if others:
            blockers.append(
                self.env._(
                    "%(count)s units were added to its site or buildings since. Undo or remove "
                    "them first.",
                    count=others,
                )
            )
        return blockers

    def _undo_prepare(self):
        """Do what must happen before records are removed, such as cancelling opening bills."""

    def _undo_kept(self, model, ids):
        """Return which of these ids must stay, archived; further addons extend it."""
        return set()

    def _undo_spared(self, model, ids):
        """Return which of these ids stay untouched because others use them by now."""
        if model == "property.unit.type":
            return set(self.env["property.unit"].search([("type_id", "in", ids)]).type_id.ids)
        if model != "res.partner":
            return set()
        domain = [("partner_id", "in", ids)]
        return {
            *self.env["property.occupancy"].search(domain).partner_id.ids,
            *self.env["property.vehicle"].search(domain).partner_id.ids,
            *self.env["res.users"].search(domain).partner_id.ids,
        }

    def _undo_tables(self):
        """Remove the created records, last model first; archive those that history refers to."""
        worker = self.with_context(**QUIET)
        worker._undo_prepare()
        created = worker.created_records or {}
        order = worker._undo_order()
        for model in sorted(created, key=lambda name: order.index(name) if name in order else -1):
            if model not in self.env.registry or not created[model]:
                continue
            records = worker.env[model].browse(created[model]).exists()
            spared = worker._undo_spared(model, records.ids)
            records = records.browse([i for i in records.ids if i not in spared])
            kept = worker._undo_kept(model, records.ids)
            removable = records.browse([i for i in records.ids if i not in kept])
            try:
                with self.env.cr.savepoint():
                    self._undo_remove(removable)
                    self.env.flush_all()
            except (errors.ForeignKeyViolation, errors.RestrictViolation) as error:
                raise UserError(
                    self.env._(
                        "Other records refer to what this import created (%(model)s). Remove "
                        "them first.",
                        model=records._description,
                    )
                ) from error
            staying = records - removable
            if staying and "active" in staying._fields:
                staying.active = False

    def _undo_remove(self, records):
        """Remove records of one model, those that hang on others of it first."""
        if "parent_id" in records._fields:
            children = records.filtered("parent_id")
            children.unlink()
            records -= children
        records.unlink()

    def _undo_order(self):
        """Return the models in the order their records go: what refers to others first."""
        return [
            "property.vehicle",
            "property.occupancy",
            "property.unit",
            "property.building",
            "res.partner",
            "property.unit.type",
            "property.site",
        ]
