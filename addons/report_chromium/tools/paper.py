"""The sheet a report is printed on, in millimetres."""

from dataclasses import dataclass

A4 = (210.0, 297.0)
# wkhtmltopdf shrinks a page by 96/75 unless told not to, and Odoo's report styles count on it.
SHRINK = 75 / 96
POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class Paper:
    """Size and margins of a sheet, all in mm, and the size of a CSS pixel on it."""

    width: float
    height: float
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    left: float = 0.0
    header_spacing: float = 0.0
    header_line: bool = False
    scale: float = SHRINK

    @property
    def margins(self):
        """Top, right, bottom, left."""
        return self.top, self.right, self.bottom, self.left

    @property
    def header_top(self):
        """Distance of the header from the upper edge: the spacing is measured from the body.

        >>> Paper(210, 297, top=40, header_spacing=35).header_top
        5
        """
        return max(self.top - self.header_spacing, 0)

    @property
    def footer_top(self):
        """Distance of the footer from the upper edge.

        >>> Paper(210, 297, bottom=20).footer_top
        277
        """
        return self.height - self.bottom

    @property
    def points(self):
        """Width and height in whole PDF points, as printers and other tools name them.

        >>> Paper(210, 297).points
        (595, 842)
        """
        return round(self.width * POINTS_PER_MM), round(self.height * POINTS_PER_MM)


def oriented(width, height, landscape):
    """Return the size turned to lie when ``landscape`` is asked for.

    >>> oriented(210, 297, True), oriented(297, 210, True), oriented(210, 297, False)
    ((297, 210), (297, 210), (210, 297))
    """
    return (height, width) if landscape and width < height else (width, height)


def number(value, default):
    """Read a paper measure that a template gave as text.

    >>> number("12.5", 3), number(None, 3), number("", 3), number("wide", 3)
    (12.5, 3, 3, 3)
    """
    try:
        return float(value)
    except (TypeError, ValueError):
        return default
