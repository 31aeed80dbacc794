"""What is done to the PDFs of the browser: marks, bookmarks to split at, searchable Chinese."""

import io
import itertools
import re
import unicodedata

from odoo.tools.pdf import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    PdfFileReader,
    PdfFileWriter,
    createStringObject,
)

BFCHAR = re.compile(rb"\d+\s+beginbfchar(.*?)endbfchar", re.DOTALL)
BFRANGE = re.compile(rb"\d+\s+beginbfrange(.*?)endbfrange", re.DOTALL)
PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
TRIPLE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
CODE_DIGITS = 4  # Skia writes glyphs, and characters of the basic plane, in four hex digits
RADICALS = range(0x2E80, 0x2FE0)
# Unicode decomposes the Kangxi radicals but not the simplified ones of the supplement:
# EquivalentUnifiedIdeograph.txt of the Unicode Character Database, basic plane.
SUPPLEMENT = str.maketrans(
    "⺁⺂⺃⺄⺅⺆⺈⺉⺊⺌⺍⺎⺏⺐⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺯⺰⺱⺲⺶⺸⺹⺺⺻"
    "⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻍⻎⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
    "厂乛乚乙亻冂刀刂卜小小兀尣尢巳幺彑彐忄㣺扌攵旡日月歺民氵氺灬爫爫丬牛犭王疋罒示礻糹纟罓罒羊羋耂肀聿"
    "臼艹艹艹虎衤覀西见角讠贝车辶辶辶钅長镸长门阝雨青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
)
MAX_BLOCK = 100  # entries of one block of a character map, PDF 32000-1, 9.10.3


def read_pages(content):
    """Return the pages of a PDF given as bytes."""
    return list(PdfFileReader(io.BytesIO(content), strict=False).pages)


def split_pages(content, names):
    """Return the pages of each document printed together.

    :param content: the PDF, bytes.
    :param names: of the destination at the begin of each document, in order.
    :return: list of lists of pages; None when the documents cannot be told apart.
    """
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    places = {name.lstrip("/"): place for name, place in reader.named_destinations.items()}
    if any(name not in places for name in names):
        return None
    pages = list(reader.pages)
    numbers = {page.indirect_reference.idnum: number for number, page in enumerate(pages)}
    starts = [numbers.get(places[name].raw_get("/Page").idnum, -1) for name in names]
    limits = [*starts, len(pages)]
    if starts[0] != 0 or any(first >= last for first, last in itertools.pairwise(limits)):
        return None
    return [pages[first:last] for first, last in itertools.pairwise(limits)]


def assemble(bodies, marks, size, groups=None):
    """Join printed bodies and their headers and footers into one PDF.

    :param bodies: for each body its pages, in order.
    :param marks: PDF with one transparent page for each page of the bodies, or None.
    :param size: width and height of every page, points.
    :param groups: for each body the document it belongs to; where several documents are joined,
        each gets a bookmark at its first page.
    :return: the PDF, bytes.
    """
    writer = PdfFileWriter()
    mark_pages = PdfFileReader(io.BytesIO(marks), strict=False).pages if marks else ()
    starts = []
    for index, body in enumerate(bodies):
        if groups and (not index or groups[index] != groups[index - 1]):
            starts.append(len(writer.pages))
        for page in body:
            _add_page(writer, page, mark_pages, size)
    if len(starts) > 1:
        add_bookmarks(writer, starts)
    make_searchable(writer)
    compact(writer)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _add_page(writer, page, mark_pages, size):
    """Append one page with its marks on it."""
    number = len(writer.pages)
    writer.add_page(page)
    added = writer.pages[-1]
    if number < len(mark_pages):
        added.merge_page(mark_pages[number])
        added.compress_content_streams()
    for box in ("/MediaBox", "/CropBox", "/TrimBox", "/BleedBox", "/ArtBox"):
        if box == "/MediaBox" or box in added:
            added[NameObject(box)] = ArrayObject(NumberObject(v) for v in (0, 0, *size))


def add_bookmarks(writer, starts):
    """Write one top-level bookmark a document, in the form stock Odoo splits PDFs at.

    That form is the one of wkhtmltopdf: named destinations in the catalogue that hold the
    *number* of a page.

    :param writer: the PDF being written.
    :param starts: number of the first page of each document, from 0, ascending.
    """
    outlines = DictionaryObject({NameObject("/Type"): NameObject("/Outlines")})
    outlines_ref = writer._add_object(outlines)
    destinations = DictionaryObject()
    items = []
    for index, start in enumerate(starts):
        name = NameObject(f"/document{index}")
        destinations[name] = ArrayObject([NumberObject(start), NameObject("/Fit")])
        item = DictionaryObject(
            {
                NameObject("/Title"): createStringObject(str(index + 1)),
                NameObject("/Parent"): outlines_ref,
                NameObject("/Dest"): name,
            }
        )
        items.append((item, writer._add_object(item)))
    for (item, ref), (following, following_ref) in itertools.pairwise(items):
        item[NameObject("/Next")] = following_ref
        following[NameObject("/Prev")] = ref
    outlines[NameObject("/First")] = items[0][1]
    outlines[NameObject("/Last")] = items[-1][1]
    outlines[NameObject("/Count")] = NumberObject(len(items))
    writer._root_object[NameObject("/Outlines")] = outlines_ref
    writer._root_object[NameObject("/Dests")] = writer._add_object(destinations)


def make_searchable(writer):
    """Let a search for a Chinese word find it.

    Skia names a glyph by the first character it stands for. In the Noto fonts that is often a
    Kangxi radical: the 金 of 金额 would be found, and copied, as the radical 'gold' only.
    """
    done = {}
    for font in list(writer._objects):
        if not isinstance(font, DictionaryObject) or "/ToUnicode" not in font:
            continue
        reference = font.raw_get("/ToUnicode")
        key = getattr(reference, "idnum", id(reference))
        if key not in done:
            before = reference.get_object().get_data()
            after = without_radicals(before)
            done[key] = None if after == before else _add_stream(writer, after)
        if done[key]:
            font[NameObject("/ToUnicode")] = done[key]


def compact(writer):
    """Leave out what no page uses any more, and compress what is left."""
    if hasattr(writer, "compress_identical_objects"):  # not in PyPDF2
        writer.compress_identical_objects(remove_identicals=True, remove_orphans=True)
    for index, found in enumerate(writer._objects):
        if isinstance(found, DecodedStreamObject) and "/Filter" not in found:
            packed = found.flate_encode()
            packed.indirect_reference = found.indirect_reference
            writer._objects[index] = packed


def _add_stream(writer, content):
    stream = DecodedStreamObject()
    stream.set_data(content)
    return writer._add_object(stream.flate_encode())


def without_radicals(cmap):
    """Return a ToUnicode map with ideographs in place of radicals.

    >>> without_radicals(b"1 beginbfchar\\n<0001> <2FA6>\\nendbfchar")
    b'1 beginbfchar\\n<0001> <91D1>\\nendbfchar\\n'
    >>> without_radicals(b"1 beginbfrange\\n<0001> <0002> <2FA6>\\nendbfrange")
    b'2 beginbfchar\\n<0001> <91D1>\\n<0002> <9577>\\nendbfchar\\n'
    """

    def chars(match):
        pairs = [(code, _ideograph(target)) for code, target in PAIR.findall(match[1])]
        return _bfchar(pairs)

    def ranges(match):
        plain, pairs = [], []
        for first, last, target in TRIPLE.findall(match[1]):
            codes = range(int(first, 16), int(last, 16) + 1)
            start = int(target, 16)
            if len(target) > CODE_DIGITS or not _touches_radicals(start, len(codes)):
                plain.append(b"<%s> <%s> <%s>" % (first, last, target))
                continue
            for offset, code in enumerate(codes):
                pairs.append((b"%04X" % code, _ideograph(b"%04X" % (start + offset))))
        return _block(b"bfrange", plain) + _bfchar(pairs)

    if b"[" in cmap.partition(b"begincmap")[2]:  # ranges listed one by one: not written by Skia
        return cmap
    return BFRANGE.sub(ranges, BFCHAR.sub(chars, cmap))


def _touches_radicals(start, length):
    return start < RADICALS.stop and start + length > RADICALS.start


def _ideograph(target):
    """Return the hex code of the character a radical stands for; others as they are."""
    if len(target) != CODE_DIGITS or int(target, 16) not in RADICALS:
        return target
    normal = unicodedata.normalize("NFKC", chr(int(target, 16)).translate(SUPPLEMENT))
    return b"%04X" % ord(normal) if len(normal) == 1 else target


def _bfchar(pairs):
    return _block(b"bfchar", [b"<%s> <%s>" % pair for pair in pairs])


def _block(kind, lines):
    """Return the entries as blocks no longer than the format allows."""
    blocks = (lines[i : i + MAX_BLOCK] for i in range(0, len(lines), MAX_BLOCK))
    return b"".join(
        b"%d begin%s\n%s\nend%s\n" % (len(block), kind, b"\n".join(block), kind) for block in blocks
    )
