"""The stored terms are those of the code, and the tools that keep them are right."""

import io

import polib
import pytest
from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

from scripts import merge, translations
from scripts.addons import ours

EXPORT = """
msgid ""
msgstr ""
"POT-Creation-Date: 2026-01-01 00:00+0000\\n"

#. module: property_x
#: model:ir.model.fields,field_description:property_x.field_b
#: code:addons/property_x/models/x.py:27
msgid "Unit"
msgstr ""

#. module: property_x
#: model:ir.model.fields,field_description:property_x.field_a
msgid "Created on"
msgstr ""
"""


@tagged("post_install", "-at_install")
class TestTerms(TransactionCase):
    def test_the_stored_terms_are_those_of_the_code(self):
        for addon, folder in ours().items():
            with self.subTest(addon=addon):
                buffer = io.BytesIO()
                trans_export(False, [addon], buffer, "po", self.env)
                terms = translations.tidy(buffer.getvalue().decode(), addon)
                path = folder / "i18n" / f"{addon}.pot"
                stored = path.read_text() if path.exists() else f"{polib.POFile()}\n"
                wanted = {entry.msgid for entry in terms}
                there = {entry.msgid for entry in polib.pofile(stored)}
                self.assertEqual(
                    (sorted(wanted - there), sorted(there - wanted)),
                    ([], []),
                    f"new and gone terms; ./run i18n {addon} writes them",
                )


def test_two_exports_of_the_same_terms_are_the_same_text():
    turned = "\n\n".join([EXPORT.split("\n\n")[i] for i in (0, 2, 1)])
    other = turned.replace("2026-01-01", "2027-02-02").replace("x.py:27", "x.py:99")
    assert str(translations.tidy(EXPORT, "property_x")) == str(
        translations.tidy(other, "property_x")
    )


def test_a_merge_keeps_translations_and_drops_terms_that_are_gone(tmp_path):
    (tmp_path / "i18n").mkdir()
    old = polib.POFile()
    old.append(polib.POEntry(msgid="Unit", msgstr="房屋"))
    old.append(polib.POEntry(msgid="Gone", msgstr="没了"))
    old.save(tmp_path / "i18n" / "zh_CN.po")
    count, lacking = merge.write("property_x", tmp_path, EXPORT)
    found = {entry.msgid: entry.msgstr for entry in polib.pofile(tmp_path / "i18n" / "zh_CN.po")}
    assert found == {"Unit": "房屋", "Created on": ""}
    assert (count, lacking) == (2, ["Created on"])


def test_labels_of_every_model_take_odoos_own_translation(tmp_path):
    merge.write("property_x", tmp_path, EXPORT, {"Created on": "创建时间", "Unit": "单位"})
    found = {entry.msgid: entry.msgstr for entry in polib.pofile(tmp_path / "i18n" / "zh_CN.po")}
    assert found == {"Unit": "", "Created on": "创建时间"}


def test_a_second_merge_changes_nothing(tmp_path):
    merge.write("property_x", tmp_path, EXPORT, {"Created on": "创建时间"})
    first = {path.name: path.read_text() for path in (tmp_path / "i18n").iterdir()}
    merge.write("property_x", tmp_path, EXPORT)
    assert {path.name: path.read_text() for path in (tmp_path / "i18n").iterdir()} == first


@pytest.mark.parametrize(
    ("translation", "flags", "complaint"),
    [
        ("", [], "not translated"),
        ("有 %(count)s 户", ["fuzzy"], "marked fuzzy"),
        ("有 %(number)s 户", [], "other placeholders"),
        ("有户", [], "other placeholders"),
        ("有 %(count)s 户", [], None),
    ],
)
def test_a_bad_translation_is_found(translation, flags, complaint):
    terms, translated = polib.POFile(), polib.POFile()
    terms.append(polib.POEntry(msgid="%(count)s units"))
    translated.append(polib.POEntry(msgid="%(count)s units", msgstr=translation, flags=flags))
    found = list(translations.problems(terms, translated))
    assert bool(found) == bool(complaint)
    assert all(complaint in problem for problem in found)


@pytest.mark.parametrize(
    ("translation", "wanted"),
    [
        ("只增不减,如运行时间;对吗?", "只增不减，如运行时间；对吗？"),
        ("已转工单:%(order)s", "已转工单：%(order)s"),
        (
            "%(what)s:实盘 %(counted)s, 系统 %(system)s",
            "%(what)s：实盘 %(counted)s，系统 %(system)s",
        ),
        ("可用 IF(条件, 值, 否则的值), 如 MAX(单价, 50)", None),
        ("8:30 至 9:00，见 https://example.com", None),
        ("offline, 0, false", None),
    ],
)
def test_chinese_has_its_own_punctuation_but_formulas_and_times_do_not(translation, wanted):
    assert translations.full_width(translation) == (wanted or translation)
    terms, translated = polib.POFile(), polib.POFile()
    terms.append(polib.POEntry(msgid=translation))
    translated.append(polib.POEntry(msgid=translation, msgstr=translation))
    assert bool(list(translations.problems(terms, translated))) == bool(wanted)
