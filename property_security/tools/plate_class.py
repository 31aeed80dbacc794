"""What a number plate says about the vehicle: colour and class of tariff (GA 36)."""

import re


def plate_color(plate):
    """Return the usual colour of a normalised plate; yellow ones of lorries look like blue ones.

    >>> plate_color("浙A12345"), plate_color("浙AD12345"), plate_color("浙A12345D")
    ('blue', 'green', 'yellow_green')
    >>> plate_color("浙A1234学"), plate_color("浙A1234警"), plate_color("粤Z1234港")
    ('yellow', 'white', 'black')
    >>> plate_color("使012345"), plate_color("WJ浙12345"), plate_color("")
    ('black', 'white', 'other')
    """
    if plate.startswith("WJ"):
        return "white"
    if plate[:1] in ("使", "领") or plate[-1:] in ("使", "领", "港", "澳"):
        return "black"
    if plate[-1:] == "警":
        return "white"
    if plate[-1:] in ("学", "挂"):
        return "yellow"
    if len(plate) == 8:
        return "yellow_green" if re.fullmatch(r".[A-Z]\d{5}[A-Z]", plate) else "green"
    return "blue" if len(plate) == 7 else "other"


def vehicle_class(color, kind="car"):
    """Return the class of tariff by the colour of the plate and the kind of vehicle.

    >>> vehicle_class("green"), vehicle_class("yellow_green", "truck"), vehicle_class("yellow")
    ('new_energy', 'large', 'large')
    >>> vehicle_class("blue"), vehicle_class("blue", "truck"), vehicle_class("blue", "motorcycle")
    ('small', 'large', 'motorcycle')
    """
    if kind in ("motorcycle", "other"):
        return kind
    if kind == "truck" or color in ("yellow", "yellow_green"):
        return "large"
    return "new_energy" if color == "green" else "small"
