"""Whatever a program sends, no record of the family holds what can be neither shown nor reckoned.

Goes over the models of all addons that are installed.
"""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, tagged

HUGE = (1e308, -1e308, "1e308", float("nan"), float("inf"), 10**400)
MOMENTS = ("date", "datetime")
HOSTILE = {
    "float": HUGE,
    "monetary": HUGE,
    "integer": (*HUGE, 2**31, -(2**31) - 1, 2**63),
    "date": ("0001-01-01", "9999-12-31"),
    "datetime": ("0001-01-01 00:00:00", "9999-12-31 23:59:59"),
}


@tagged("post_install", "-at_install")
class TestFieldLimits(TransactionCase):
    def guarded(self):
        """Return (model, field) of the numbers and days that addons of the family brought."""
        return [
            (self.env[name], field)
            for name in sorted(self.env.registry)
            if not self.env[name]._abstract and self.env[name]._auto
            for field in self.env[name]._fields.values()
            if field.type in HOSTILE
            and (field._module or "").startswith(
                "property_" if field.type in MOMENTS else ("property_", "inspection_")
            )
        ]

    def assert_refused(self, model, field, value):
        vals = {field.name: value}
        acts = [lambda: model.onchange(dict(vals), [field.name], {field.name: {}})]
        # stock models look at their records and at other values first
        if model._original_module.startswith("property_"):
            context = {f"default_{field.name}": value}
            acts += [
                lambda: model.write(dict(vals)),
                lambda: model._prepare_create_values([dict(vals)]),
                lambda: model.with_context(**context)._prepare_create_values([{}]),
            ]
        for act in acts:
            try:
                act()
            except UserError:
                continue
            self.fail(f"{field} takes {value!r}")

    def test_no_model_takes_a_number_or_a_day_beyond_all_measure(self):
        for model, field in self.guarded():
            # the model's own, narrower limits are tested with the model
            if field.name in model._property_own_limits and field.type in MOMENTS:
                continue
            for value in HOSTILE[field.type]:
                self.assert_refused(model, field, value)

    def test_what_people_enter_is_taken(self):
        for model, field in self.guarded():
            for value in {
                "date": ("1949-10-01", "2099-12-31", False),
                "datetime": ("1949-10-01 00:00:00", "2099-12-31 23:59:59", False),
            }.get(field.type, (0, 1, -1, 99, False)):
                model._property_check_limits({field.name: value})

    def test_the_message_names_the_field_and_what_it_takes(self):
        units = self.env["property.unit"]
        for vals, words in (
            ({"area_gross": 1e308}, "Gross Area.*-10,000,000,000,000 and 10,000,000,000,000"),
            ({"floor": 2**31}, "Floor.*2,147,483,647"),
            ({"handover_date": "9999-12-31"}, "Handover.*1900.* and 2999"),
            ({"room": "9" * 10000}, "Room.*500 characters"),
        ):
            with self.subTest(vals.keys()), self.assertRaisesRegex(ValidationError, words):
                units.create(vals)

    def test_what_is_no_number_and_no_day_is_left_to_the_server(self):
        for vals in ({"area_gross": "a"}, {"floor": []}, {"handover_date": "2026-02-30"}):
            self.env["property.unit"]._property_check_limits(vals)

    def test_rows_of_a_form_are_looked_at_while_they_are_typed(self):
        rows = [[0, "virtual_1", {"floor": 10**400}]]
        with self.assertRaisesRegex(ValidationError, "Floor"):
            self.env["property.building"].onchange(
                {"unit_ids": rows}, ["unit_ids"], {"unit_ids": {"fields": {"floor": {}}}}
            )
