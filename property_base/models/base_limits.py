import math
import re
from datetime import date

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools import format_date

#: Up to here an amount of money is exact to the fen.
NUMBER = 1e13
#: What the ORM can still round, for numbers whose limits the model or its table knows itself.
ROUNDED = 1e300
INTEGER = 2**31 - 1
#: A number named after a unit of time spans no more than a century: it is added to days.
NAMED = {"years": 100, "months": 1200, "days": 36_525, "hours": 876_600, "minutes": 52_596_000}
NAMED |= {"duration": 876_600, "digits": 99}
#: Days that can be grouped by month and written in four digits, with room to reckon from them.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)
#: Moments: working time up to them is worked out, and as long is all that devices may say.
LAST_MOMENT = date(2100, 12, 31)
#: An index holds no more of one line.
INDEXED_LENGTH = 500
INDEXES = (True, "btree", "btree_not_null")


class Base(models.AbstractModel):
    _inherit = "base"

    #: Fields of narrower limits, which the model or its table tells in words of its own.
    _property_own_limits = frozenset()

    @api.model
    @tools.ormcache("self._name", cache="stable")
    def _property_limits(self):
        """Tell what the fields take that addons of the family brought.

        :return: dict: field -> (least, most) of numbers and days, (None, most) of characters
        """
        limits, indexed = {}, self._property_indexed()
        for name, field in self._fields.items():
            module = field._module or ""
            if not module.startswith(("property_", "inspection_")):
                continue
            is_own = name in self._property_own_limits
            if field.type in ("float", "monetary", "integer"):
                most = INTEGER if field.type == "integer" else ROUNDED if is_own else NUMBER
                most = min([most, *(NAMED.get(word, most) for word in name.split("_"))])
                limits[name] = (-most, most)
            elif not module.startswith("property_"):
                continue  # inspections keep what the clock of a phone says, however wrong
            elif field.type in ("date", "datetime") and not is_own:
                limits[name] = (FIRST_DAY, LAST_DAY if field.type == "date" else LAST_MOMENT)
            elif name in indexed and field.type == "char":
                limits[name] = (None, INDEXED_LENGTH)
        return limits

    @api.model
    def _property_indexed(self):
        """Return the names of indexed fields, with those that indexed ones are made of."""
        definitions = " ".join(
            definition
            for one in self._table_objects.values()
            if (definition := one.get_definition(self.pool)).startswith(("UNIQUE", "INDEX ("))
        )
        indexed = {name for name, field in self._fields.items() if field.index in INDEXES}
        indexed |= self._fields.keys() & set(re.findall(r"\w+", definitions))
        parts = [self.pool.field_depends[self._fields[name]] for name in indexed]
        return indexed.union(*parts)

    def _prepare_create_values(self, vals_list):
        """Override of `base` to refuse what is beyond all measure before it is rounded."""
        if self._property_limits():
            defaults = {
                key.removeprefix("default_"): value
                for key, value in self.env.context.items()
                if key.startswith("default_")
            }
            for vals in (defaults, *vals_list):
                self._property_check_limits(vals)
        return super()._prepare_create_values(vals_list)

    def write(self, vals):
        """Override of `base` to refuse what is beyond all measure before it is rounded."""
        self._property_check_limits(vals)
        return super().write(vals)

    def onchange(self, values, field_names, fields_spec):
        """Override of `base` to refuse what is beyond all measure while it is typed."""
        self._property_check_form(values)
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def _property_check_limits(self, vals):
        """Refuse numbers, days and codes that can be neither kept nor reckoned with.

        What is of another type altogether is left to the ORM.

        :param vals: dict of values to write
        :raise ValidationError: naming the field and what it takes
        """
        limits = self._property_limits()
        for name in limits.keys() & vals.keys():
            least, most = limits[name]
            value = _measured(self._fields[name].type, vals[name])
            if value is None or (value <= most if least is None else least <= value <= most):
                continue
            field = self._fields[name]._description_string(self.env)
            if least is None:
                raise ValidationError(
                    self.env._(
                        "%(field)s takes at most %(most)s characters. Shorten it.",
                        field=field,
                        most=most,
                    )
                )
            is_day = isinstance(most, date)
            raise ValidationError(
                self.env._(
                    "%(field)s takes what lies between %(least)s and %(most)s. Correct it.",
                    field=field,
                    least=format_date(self.env, least) if is_day else f"{least:,.0f}",
                    most=format_date(self.env, most) if is_day else f"{most:,.0f}",
                )
            )

    @api.model
    def _property_check_form(self, values):
        """Check what a form holds, with the rows of its lists."""
        self._property_check_limits(values)
        for name, value in values.items():
            field = self._fields.get(name)
            if field is None or field.type != "one2many" or not isinstance(value, list):
                continue
            for command in value:
                if isinstance(command, list | tuple) and isinstance(command[-1], dict):
                    self.env[field.comodel_name]._property_check_form(command[-1])


def _measured(kind, value):
    """Return what of a value is compared with limits.

    :param kind: type of the field
    :return: float, infinite for a whole number of too many digits; date; number of characters;
        None for what is empty or of another type
    """
    try:
        if kind == "char":
            return len(value) if isinstance(value, str) else None
        if kind in ("date", "datetime"):
            return fields.Date.to_date(value)
        return float(value)
    except OverflowError:
        return math.inf
    except (TypeError, ValueError):
        return None
