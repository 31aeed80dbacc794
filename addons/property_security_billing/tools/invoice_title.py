"""What a driver types to get a VAT invoice: title (抬头), taxpayer number, where to send it."""

import re
import unicodedata

EMAIL = re.compile(r"[a-z0-9._%+-]{1,64}@(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}")
PHONE = re.compile(r"1[3-9]\d{9}")
#: Taxpayer numbers from before the unified code, which some companies still have.
OLD_CODE = re.compile(r"[0-9A-Z]{15}|[0-9A-Z]{20}")


def read_title(values, is_company_code):
    """Read and check what was typed.

    :param dict values: ``kind`` (person or company), ``title``, ``tax_number``, ``email`` and
        ``phone``, as text
    :param is_company_code: tells whether a text is a unified social credit code
    :return: (cleaned values, names of what is wrong in the order of the form)

    >>> typed = {"kind": "company", "title": " 星澜（杭州）有限公司 ", "tax_number": "91 330",
    ...          "email": "A@B.CN"}
    >>> clean, wrong = read_title(typed, str.isdigit)
    >>> clean["title"], clean["tax_number"], clean["email"], wrong
    ('星澜（杭州）有限公司', '91330', 'a@b.cn', [])
    >>> read_title({"kind": "person", "title": "张", "phone": "12345"}, str.isdigit)[1]
    ['title', 'phone']
    >>> read_title({"kind": "person", "title": "张三"}, str.isdigit)[1]
    ['contact']
    >>> read_title({"kind": "thief"}, str.isdigit)[1]
    ['kind', 'title', 'contact']
    """
    clean = {name: _text(values.get(name)) for name in ("kind", "title")}
    clean["tax_number"] = _compact(values.get("tax_number")).upper()
    clean["email"] = _compact(values.get("email")).lower()
    clean["phone"] = _compact(values.get("phone"))
    if clean["kind"] == "person":
        clean["tax_number"] = ""
    code = clean["tax_number"]
    checks = {
        "kind": clean["kind"] in ("person", "company"),
        "title": 2 <= len(clean["title"]) <= 100 and clean["title"].isprintable(),
        "tax_number": clean["kind"] != "company"
        or bool(is_company_code(code) or OLD_CODE.fullmatch(code)),
        "email": not clean["email"] or bool(EMAIL.fullmatch(clean["email"])),
        "phone": not clean["phone"] or bool(PHONE.fullmatch(clean["phone"])),
        "contact": bool(clean["email"] or clean["phone"]),
    }
    return clean, [name for name, is_right in checks.items() if not is_right]


def mask_email(text):
    """Return an e-mail address of which its owner recognises enough.

    >>> mask_email("zhang.san@example.com"), mask_email("")
    ('z***@example.com', '')
    """
    name, found, place = (text or "").partition("@")
    return f"{name[:1]}***@{place}" if found else ""


def _text(value):
    return " ".join(value.split())[:200] if isinstance(value, str) else ""


def _compact(value):
    text = unicodedata.normalize("NFKC", value) if isinstance(value, str) else ""
    return "".join(text.split())[:200]
