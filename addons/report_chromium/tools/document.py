"""Turn the HTML of a report into documents that need, run and reveal nothing but themselves."""

import copy
import secrets
from urllib.parse import urljoin, urlsplit

import lxml.html

from . import stylesheet

POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:;"
    " base-uri 'none'; form-action 'none'"
)
# Elements that run code or load something of their own; `link` and `base` are read before.
FORBIDDEN = (
    *("applet", "audio", "base", "embed", "frame", "frameset", "iframe", "link", "meta"),
    *("noscript", "object", "portal", "script", "source", "template", "track", "video"),
)
LINK_SCHEMES = ("", "http", "https", "mailto", "tel")
HEADERS = "minimal_layout_report_headers"
FOOTERS = "minimal_layout_report_footers"
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"

# Documents printed together: a hundred small ones cost little more than one, but each then
# carries fonts with the characters of all.
MAX_SHARED = 25
MAX_SHARED_LENGTH = 400_000  # characters; long documents keep the time allowed for themselves

BODY_CSS = """
html,body{height:auto!important;min-height:0!important}
body.container{max-width:none!important;width:auto!important}
html,body,main,#wrapwrap,.table-responsive{overflow:visible!important}
thead{display:table-header-group}
tfoot{display:table-row-group}
tr{break-inside:avoid}
"""
MARKS_CSS = """
html,body{margin:0!important;padding:0!important;background:transparent!important;
height:auto!important;min-height:0!important;max-width:none!important;width:auto!important;
overflow:visible!important}
.rc_sheet{position:relative;isolation:isolate;contain:layout;overflow:hidden;break-after:page;
break-inside:avoid}
.rc_sheet:last-child{break-after:auto}
.rc_box{position:absolute!important;margin:0!important;max-width:none!important;
height:auto!important;min-height:0!important;background:transparent!important;
overflow:visible!important}
.rc_line{border-bottom:1px solid #000}
"""


def parse(html):
    """Return the root element of a document."""
    text = html if isinstance(html, str) else html.decode()
    return lxml.html.document_fromstring(text, parser=lxml.html.HTMLParser(encoding="utf-8"))


def serialise(root):
    """Return the document as text, standards mode."""
    return "<!DOCTYPE html>" + lxml.html.tostring(root, encoding="unicode")


def style_element(css):
    """Return a style element.

    The text cannot end it early: inside CSS an escaped slash is a slash.
    """
    element = lxml.html.Element("style")
    element.text = css.replace("</", "<\\/")
    return element


def head_of(root):
    """Return the head of a document, made if it has none."""
    head = root.find("head")
    if head is None:
        head = lxml.html.Element("head")
        root.insert(0, head)
    return head


def inline(root, read_style, read_image):
    """Replace what a document points at by what is there, and remove what could load or run.

    :param root: changed in place.
    :param read_style: ``url -> self-contained CSS or None``.
    :param read_image: ``url -> data URI or None``.
    """
    base = root.xpath("string(//base/@href)")
    links = root.xpath("//link[@rel='stylesheet'][@href]")
    sheets = [css for css in (read_style(link.get("href")) for link in links) if css]
    for element in root.xpath("|".join(f"//{name}" for name in FORBIDDEN)):
        element.drop_tree()
    for element in root.iter(lxml.html.etree.Element):
        _inline_element(element, base, read_image)
    for position, css in enumerate(sheets):
        head_of(root).insert(position, style_element(css))


def _inline_element(element, base, read_image):
    """Clean one element: images inside, no handlers, links absolute."""
    if element.tag == "style" and element.text:
        element.text = stylesheet.inline_urls(element.text, read_image)
    for name, value in list(element.attrib.items()):
        key = name.lower()
        if key.startswith("on") or key in ("srcset", "ping", "action", "formaction", "background"):
            del element.attrib[name]
        elif key == "style":
            element.set(name, stylesheet.inline_urls(value, read_image))
        elif key in ("src", "data", "poster"):
            _set_image(element, name, value, read_image)
        elif key in ("href", XLINK_HREF, "xlink:href"):
            _set_link(element, name, value, base, read_image)


def _set_image(element, name, value, read_image):
    """Put the image itself where its address was; without one, leave a gap and no address."""
    value = value.strip()
    found = value if value.lower().startswith("data:image/") else read_image(value)
    if found:
        element.set(name, found)
    else:
        del element.attrib[name]


def _set_link(element, name, value, base, read_image):
    """Keep what a reader can click on; anything else an address loads becomes data or goes."""
    value = value.strip()
    if value.startswith("#"):
        return
    if element.tag in ("a", "area"):
        address = urljoin(base, value) if base else value
        if urlsplit(address).scheme.lower() in LINK_SCHEMES:
            element.set(name, address)
        else:
            del element.attrib[name]
    elif element.tag in ("image", "feimage"):
        _set_image(element, name, value, read_image)
    else:
        del element.attrib[name]


def finish(root, css, lang=None):
    """Add the policy that forbids loading anything, the language, and our own styles.

    :param css: appended, so that it wins over the report's own rules.
    :param lang: Odoo language code; decides the shapes of Chinese characters.
    """
    head = head_of(root)
    policy = lxml.html.Element("meta")
    policy.set("http-equiv", "Content-Security-Policy")
    policy.set("content", POLICY)
    charset = lxml.html.Element("meta")
    charset.set("charset", "utf-8")
    head.insert(0, charset)
    head.insert(0, policy)
    if lang and not root.get("lang"):
        root.set("lang", lang.replace("_", "-"))
    names = {name for style in root.iter("style") for name in stylesheet.families(style.text or "")}
    head.append(style_element(stylesheet.cjk_fallback(sorted(names), lang) + css))


def body_language(root):
    """Return the language the article of a document says it is in, None when it says nothing."""
    return root.xpath("string(//*[@data-oe-lang]/@data-oe-lang)") or None


def batches(roots, lang=None):
    """Put neighbouring documents together that can be printed as one.

    They must look alike: same styles, same language. A document with styles of its own, or with
    anything fixed to the page, would change the others, and is printed alone.

    :param lang: the language of documents that do not name one.
    :return: list of lists of roots, in order.
    """
    found, previous, length = [], None, 0
    for root in roots:
        key = _shared_look(root, lang)
        size = len(root.find("body").text_content()) if root.find("body") is not None else 0
        fits = found and len(found[-1]) < MAX_SHARED and length + size < MAX_SHARED_LENGTH
        if key and key == previous and fits:
            found[-1].append(root)
            length += size
        else:
            found.append([root])
            length = size
        previous = key
    return found


def _shared_look(root, lang):
    """Return what documents must have in common to be printed together, None for never."""
    body = root.find("body")
    if body is None or body.xpath(".//style|.//link"):
        return None
    if body.xpath(".//*[contains(@class, 'fixed') or contains(@style, 'fixed')]"):
        return None
    head = lxml.html.tostring(head_of(root))
    return head, tuple(root.items()), tuple(body.items()), body_language(root) or lang


def join(roots):
    """Return one document with the bodies of several, each on a new page, and their names.

    Browsers write a named destination for what a link in the document points at: the names tell
    on which page each body begins. They cannot be guessed by who wrote the text.
    """
    joined = copy.deepcopy(roots[0])
    body = joined.find("body")
    for child in list(body):
        body.remove(child)
    body.text = None
    token = secrets.token_hex(8)
    names = [f"rc{token}n{index}" for index in range(len(roots))]
    for index, (root, name) in enumerate(zip(roots, names, strict=True)):
        part = lxml.html.Element("div", id=name)
        part.set("style", "break-before:page" if index else "")
        source = copy.deepcopy(root.find("body"))
        part.text = source.text
        part.extend(list(source))
        body.append(part)
    for name in names:
        body.append(lxml.html.Element("a", href=f"#{name}", style="display:none"))
    return joined, names


def marks(header, footer, pages, paper):
    """Lay out the headers and footers of all pages, one sheet a page.

    :param header: root of the document holding all headers, or None.
    :param footer: root of the document holding all footers, or None.
    :param pages: (index of a body, number of its pages), in order; each body has its own
        numbering.
    :param paper: the :class:`Paper`.
    :return: root of a document with one sheet a page, or None when there are no marks.
    """
    parts = [(header, HEADERS, paper.header_top, True), (footer, FOOTERS, paper.footer_top, False)]
    parts = [
        (list(box), root.find("body"), top, is_header)
        for root, ident, top, is_header in parts
        if root is not None
        for box in root.xpath(f"//div[@id='{ident}']")
        if len(box)
    ]
    if not parts:
        return None
    document = copy.deepcopy(header if header is not None else footer)
    body = document.find("body")
    for child in list(body):
        body.remove(child)
    body.attrib.clear()
    body.text = None
    for index, count in pages:
        for page in range(1, count + 1):
            body.append(_sheet(parts, index, page, count, paper))
    return document


def _sheet(parts, index, page, count, paper):
    """Return the marks of one page."""
    sheet = lxml.html.Element("div")
    sheet.set("class", "rc_sheet")
    # A hair less than the page, or rounding pushes an empty sheet out after each one.
    height = paper.height / paper.scale - 0.3
    sheet.set("style", f"width:{paper.width / paper.scale:.3f}mm;height:{height:.3f}mm")
    for nodes, body, top, is_header in parts:
        node = copy.deepcopy(nodes[min(index, len(nodes) - 1)])
        _number(node, page, count)
        box = lxml.html.Element("div")
        line = " rc_line" if is_header and paper.header_line else ""
        box.set("class", f"rc_box {body.get('class', '')}{line}")
        if body.get("dir"):
            box.set("dir", body.get("dir"))
        width = (paper.width - paper.left - paper.right) / paper.scale
        box.set(
            "style",
            f"top:{top / paper.scale:.3f}mm;left:{paper.left / paper.scale:.3f}mm;"
            f"width:{width:.3f}mm!important",
        )
        box.append(node)
        sheet.append(box)
    return sheet


def _number(node, page, count):
    """Write page numbers where the template left room for them."""
    for name, value in (("page", page), ("topage", count)):
        for element in node.find_class(name):
            for child in list(element):
                element.remove(child)
            element.text = str(value)
