from . import import_template, limits, portal
