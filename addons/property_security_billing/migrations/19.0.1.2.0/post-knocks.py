"""Drop the count of who asked on parking pages: `property_base` counts for all pages."""


def migrate(cr, version):
    """Drop the table; it held minutes."""
    cr.execute("DROP TABLE IF EXISTS property_parking_knock")
