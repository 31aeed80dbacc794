"""Photos that residents send with an item release: by their content, small, without metadata."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PHOTOS = 4
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
LONGEST_SIDE = 1280  # pixels
FORMATS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}


class PhotoError(ValueError):
    """A file that is not taken."""


def clean_photo(data):
    """Return a photo as an upright JPEG of at most 1280 pixels; where it was taken is not in it.

    :param bytes data: the file as it was sent
    :return: bytes
    :raise PhotoError: it is too large, no photo, or damaged

    >>> clean_photo(b"<svg/>")
    Traceback (most recent call last):
    odoo.addons.property_security.tools.visitor_photo.PhotoError: no photo
    """
    found = next((name for magic, name in FORMATS.items() if data.startswith(magic)), None)
    if not found or len(data) > MAX_BYTES:
        raise PhotoError("no photo")
    try:
        with Image.open(io.BytesIO(data), formats=[found]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise PhotoError("too large")
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            plain = Image.new("RGB", upright.size)  # pixels alone, no metadata
            plain.paste(upright.convert("RGB"))
    except PhotoError:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        raise PhotoError("damaged") from None
    stream = io.BytesIO()
    plain.save(stream, "JPEG", quality=80)
    return stream.getvalue()
