from odoo.http import request
from odoo.tools import format_datetime

from odoo.addons.property_base.tools import plate as plates

from ..tools.visitor_form import FormError, read_text


def shown(moment, site):
    """Write a moment as people read it, by the clock of the site.

    :param datetime moment: UTC
    :param site: property.site
    """
    is_chinese = (request.env.lang or "").startswith("zh")
    pattern = "M月d日 HH:mm" if is_chinese else "MMM d, HH:mm"
    return format_datetime(request.env, moment, tz=site.tz, dt_format=pattern)


def spaced(code):
    """Write a code of eight digits so that people can read it out.

    >>> spaced("12345678")
    '1234 5678'
    """
    return f"{code[:4]} {code[4:]}"


def read_plate(value, field="plate"):
    """Return a normalised plate, or "" where there is none.

    :raise FormError: it is no plate
    """
    plate = plates.normalise(read_text(value, field))
    if plate and not plates.is_valid(plate):
        raise FormError(field)
    return plate
