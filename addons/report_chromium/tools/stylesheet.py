"""Make a style sheet self-contained: every file it names becomes a ``data:`` URI or goes."""

import base64
import re

URL = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^)'"\s]*))\s*\)""", re.IGNORECASE)
IMPORT = re.compile(r"""@import\s[^;]*(?:;|$)""", re.IGNORECASE)
FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}", re.IGNORECASE)
FAMILY = re.compile(r"""font-family\s*:\s*["']?([^;"'}]+)""", re.IGNORECASE)
SOURCE = re.compile(r"src\s*:[^;}]*;?", re.IGNORECASE)
NOTHING = "url(data:,)"
FONT_TYPES = {
    "woff2": "font/woff2",
    "woff": "font/woff",
    "ttf": "font/ttf",
    "otf": "font/otf",
}
# Code points a Latin font lacks and that have to look Chinese, Japanese or Korean.
CJK_RANGE = (
    "U+2E80-2FDF,U+2FF0-303F,U+3040-31EF,U+3200-4DBF,U+4E00-9FFF,U+AC00-D7AF,"
    "U+F900-FAFF,U+FE10-FE1F,U+FE30-FE4F,U+FF00-FFEF,U+20000-323AF"
)
CJK_REGIONS = {"zh_CN": "SC", "zh_SG": "SC", "zh_TW": "TC", "zh_HK": "HK", "ja": "JP", "ko": "KR"}


def data_uri(mimetype, content):
    """Return ``content`` as a ``data:`` URI.

    >>> data_uri("image/png", b"abc")
    'data:image/png;base64,YWJj'
    """
    return f"data:{mimetype};base64,{base64.b64encode(content).decode()}"


def inline_urls(css, resolve):
    """Replace every ``url()`` of a style sheet by what it points at.

    :param resolve: ``url -> data URI or None``.
    :return: CSS that names nothing outside itself.

    >>> inline_urls("a{background:url(/x.png)}", lambda url: "data:image/png,")
    'a{background:url("data:image/png,")}'
    >>> inline_urls("@import 'http://x/y.css';a{background:url('file:///x')}", lambda url: None)
    'a{background:url(data:,)}'
    """

    def replace(match):
        url = next((group for group in match.groups() if group is not None), "").strip()
        if url.startswith("#") or url.lower().startswith(("data:image/", "data:font/")):
            return match[0]
        found = resolve(url)
        return f'url("{found}")' if found else NOTHING

    return URL.sub(replace, IMPORT.sub("", css))


def split_font_faces(css):
    """Take the font faces out of a style sheet.

    :return: the other rules, and a list of (family, rule).

    >>> split_font_faces("@font-face{font-family:'A';src:url(a)}p{color:red}")
    ('p{color:red}', [('A', "@font-face{font-family:'A';src:url(a)}")])
    """
    faces = []
    for rule in FONT_FACE.findall(css):
        family = FAMILY.search(rule)
        if family:
            faces.append((family[1].strip(), rule))
    return FONT_FACE.sub("", css), faces


def inline_font_face(rule, resolve):
    """Return the font face with its first readable file inside, None when no file is ours.

    :param rule: one ``@font-face`` rule.
    :param resolve: ``url -> bytes or None``.

    >>> rule = "@font-face{font-family:A;src:url(/a.eot),url('/a.woff?v=1');font-weight:400}"
    >>> inline_font_face(rule, lambda url: b"abc")
    '@font-face{font-family:A;src:url("data:font/woff;base64,YWJj");font-weight:400}'
    >>> inline_font_face(rule, lambda url: None)
    """
    for groups in URL.findall(rule):
        url = "".join(groups)
        path = url.split("?")[0].split("#")[0]
        mimetype = FONT_TYPES.get(path.rsplit(".", 1)[-1].lower())
        content = mimetype and resolve(url)
        if content:
            source = f'src:url("{data_uri(mimetype, content)}");'
            first, *others = SOURCE.split(rule)
            return first + source + "".join(others)
    return None


def self_contained(css, read):
    """Return a style sheet with its images and the fonts it uses inside.

    :param read: ``url -> (mimetype, bytes) or None``.
    """

    def as_uri(url):
        found = read(url)
        return data_uri(*found) if found else None

    def as_bytes(url):
        found = read(url)
        return found[1] if found else None

    rest, faces = split_font_faces(css)
    rules = (inline_font_face(rule, as_bytes) for family, rule in faces if family in rest)
    return "".join(rule for rule in rules if rule) + inline_urls(rest, as_uri)


def families(css):
    """Return the families a style sheet brings as fonts, sorted, without repetition.

    >>> families("@font-face{font-family:'B';src:x}@font-face{font-family:A;src:x}")
    ['A', 'B']
    """
    return sorted({family for family, _rule in split_font_faces(css)[1]})


def cjk_region(lang):
    """Return the shapes of Chinese characters a language wants.

    >>> cjk_region("zh_TW"), cjk_region("ja_JP"), cjk_region("en_US"), cjk_region(None)
    ('TC', 'JP', 'SC', 'SC')
    """
    lang = lang or ""
    return CJK_REGIONS.get(lang) or CJK_REGIONS.get(lang.split("_")[0], "SC")


def cjk_fallback(names, lang):
    """Return font faces that give Latin families Chinese, Japanese and Korean characters.

    A browser picks its own fallback otherwise: any font that has the character, which may be a
    serif, a bitmap or one with the shapes of another country. Only installed fonts are named.

    :param names: families to complete.
    :param lang: Odoo language code.
    """
    region = cjk_region(lang)
    pan = f"Noto Sans CJK {region}"
    single = {"SC": "Noto Sans SC", "TC": "Noto Sans TC"}.get(region, f"Noto Sans {region}")
    han = f"Source Han Sans {region}"
    rules = []
    for name in names:
        for weights, suffix in (("100 599", ""), ("600 900", " Bold")):
            sources = ",".join(
                f'local("{font}{style}")'
                for font in (pan, han, single)
                for style in ([suffix] if suffix else ["", " Regular"])
            )
            rules.append(
                f'@font-face{{font-family:"{name}";src:{sources};'
                f"font-weight:{weights};unicode-range:{CJK_RANGE}}}"
            )
    return "".join(rules)
