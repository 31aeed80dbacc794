"""Terms and translations as text that changes only when they do. Runs in the venv."""

import re

import polib

LANGUAGE = "zh_CN"
MIXINS = ("base", "mail", "portal", "rating", "account")
PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?[-#0 +]*[\d.]*([sdifgrx])|\{(\w*)\}")
#: Half-width punctuation after a Chinese character, or after a placeholder in Chinese.
CHINESE = r"[\u3001-\u301f\u3400-\u9fff\uff01-\uff65”’]"
HALF_WIDTH = re.compile(
    rf"(?:(?<={CHINESE})|(?:(?<=\)s)|(?<=/>))(?=[,:;?!] ?(?:{CHINESE}|%\(|<)))([,:;?!]) ?"
)
WIDE = str.maketrans(",:;?!", "，：；？！")
#: A formula with Chinese names in it keeps its commas.
FORMULA = re.compile(r"\b[A-Za-z_]+\([^()]*\)")
HEADER = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "",
}


def tidy(text, addon, language=""):
    """Order an export and take out what differs between two runs: dates, versions, file lines.

    :param text: a .po or .pot file's content
    :return: polib.POFile
    """
    source = polib.pofile(text)
    result = polib.POFile(wrapwidth=100)
    result.metadata = {
        "Project-Id-Version": f"Odoo Server 19.0 {addon}",
        **({"Language": language} if language else {}),
        **HEADER,
    }
    for entry in sorted(source, key=lambda entry: (entry.msgid, entry.msgctxt or "")):
        # a file of addons/ is found below two paths
        names = {name.replace(":addons/addons/", ":addons/") for name, _line in entry.occurrences}
        places = [(name, "0") for name in sorted(names)]
        comments = "\n".join(sorted(set(entry.comment.splitlines())))
        result.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgstr=entry.msgstr,
                msgctxt=entry.msgctxt,
                occurrences=places,
                comment=comments,
                flags=[flag for flag in entry.flags if flag != "fuzzy" or language],
            )
        )
    return result


def merge(terms, translated, addon, memory=None):
    """Give every term its translation; drop what is no term any more.

    :param terms: POFile of the export
    :param translated: POFile there was, or None
    :param memory: translations by term, for the labels that Odoo gives every model
    :return: POFile of the language
    """
    known = {entry.msgid: entry for entry in translated or [] if not entry.obsolete}
    result = tidy(str(terms), addon, LANGUAGE)
    for entry in result:
        found = known.get(entry.msgid)
        entry.msgstr = found.msgstr if found else ""
        if found and found.fuzzy:
            entry.flags = [*entry.flags, "fuzzy"]
        if not entry.msgstr and is_label(entry):
            entry.msgstr = (memory or {}).get(entry.msgid, "")
    return result


def is_label(entry):
    """Say whether a term is but the label or help of fields."""
    return bool(entry.occurrences) and all(
        name.startswith("model:ir.model.fields,") for name, _line in entry.occurrences
    )


def stock(folder):
    """Read how Odoo itself translates the labels that its mixins give every model.

    :param folder: of Odoo's addons
    :return: translation by term
    """
    result = {}
    for addon in MIXINS:
        path = folder / addon / "i18n" / f"{LANGUAGE}.po"
        for entry in polib.pofile(path) if path.exists() else ():
            if (
                entry.msgstr
                and not entry.fuzzy
                and any("model:ir.model.fields," in name for name, _line in entry.occurrences)
            ):
                result.setdefault(entry.msgid, entry.msgstr)
    return result


def placeholders(text):
    """List what a translation must keep, as %(name)s and %s."""
    return sorted(
        "".join(part or "" for part in found)
        for found in PLACEHOLDER.findall(text.replace("%%", ""))
    )


def full_width(text):
    """Give Chinese its own punctuation: 金额：1 instead of 金额:1. Formulas keep theirs.

    :param text: a translation
    """
    if not re.search(CHINESE, text):
        return text
    formulas = [found.span() for found in FORMULA.finditer(text)]

    def widen(found):
        if any(first <= found.start() < last for first, last in formulas):
            return found[0]
        return found[1].translate(WIDE)

    return HALF_WIDTH.sub(widen, text)


def problems(terms, translated):
    """Compare translations with the terms.

    :return: sentences
    """
    known = {entry.msgid: entry for entry in translated if not entry.obsolete}
    for entry in terms:
        found = known.get(entry.msgid)
        if found is None or not found.msgstr:
            yield f"not translated: {entry.msgid!r}"
        elif found.fuzzy:
            yield f"marked fuzzy: {entry.msgid!r}"
        elif placeholders(entry.msgid) != placeholders(found.msgstr):
            yield f"other placeholders: {entry.msgid!r} and {found.msgstr!r}"
        elif full_width(found.msgstr) != found.msgstr:
            yield f"half-width punctuation: {found.msgstr!r}"
