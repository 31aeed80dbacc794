"""Photos as they come from telephones: checked by their content, made small, freed of metadata."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
LONGEST_SIDE = 1600  # pixels
QUALITY = 80

MAGIC = {"JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG\r\n\x1a\n"}


class PhotoError(ValueError):
    """A file that is not taken; ``reason`` is "too_large", "not_a_photo" or "broken"."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def photo_format(data):
    """Return the format of a photo by its first bytes, whatever its name says.

    :param bytes data: the file
    :return: "JPEG", "PNG", or None for anything else

    >>> photo_format(b"\\xff\\xd8\\xff\\xe0"), photo_format(b"<svg/>"), photo_format(b"")
    ('JPEG', None, None)
    """
    return next((name for name, magic in MAGIC.items() if data.startswith(magic)), None)


def clean_photo(data):
    """Return a photo as an upright JPEG of at most 1600 pixels, without any metadata.

    The place and the device that a telephone writes into its photos are nobody's business.

    :param bytes data: the file as it was sent
    :return: bytes of the JPEG
    :raise PhotoError: when the file is over 10 MB or 50 megapixels, is no photo, or is damaged
    """
    if len(data) > MAX_BYTES:
        raise PhotoError("too_large")
    found = photo_format(data)
    if not found:
        raise PhotoError("not_a_photo")
    try:
        with Image.open(io.BytesIO(data), formats=[found]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise PhotoError("too_large")
            # a JPEG is read at the size that is needed, which spares most of the work
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return _as_jpeg(upright)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        if isinstance(error, PhotoError):
            raise
        raise PhotoError("broken") from error
    except Image.DecompressionBombError as error:
        raise PhotoError("too_large") from error


def _as_jpeg(image):
    """Return the pixels alone as a JPEG; what is transparent becomes white."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        plain = Image.new("RGB", image.size, "white")
        plain.paste(image, mask=image.getchannel("A"))
    else:
        plain = Image.new("RGB", image.size)
        plain.paste(image.convert("RGB"))
    stream = io.BytesIO()
    plain.save(stream, "JPEG", quality=QUALITY)
    return stream.getvalue()
