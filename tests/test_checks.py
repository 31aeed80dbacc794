"""./run lint finds what it is for."""

import pytest

from scripts import checks

MANIFEST = {
    "name": "X",
    "version": "19.0.1.0.0",
    "author": "Property Suite contributors",
    "license": "LGPL-3",
    "depends": ["base"],
    "data": ["views/x.xml"],
}


@pytest.fixture
def repo(tmp_path):
    """Make a checkout with one clean addon."""
    folder = tmp_path / "property_x"
    for name in ("views", "i18n"):
        (folder / name).mkdir(parents=True)
    (folder / "__manifest__.py").write_text(repr(MANIFEST))
    (folder / "views" / "x.xml").write_text("<odoo/>")
    (folder / "i18n" / "property_x.pot").write_text(
        'msgid ""\nmsgstr ""\n\nmsgid "Unit"\nmsgstr ""\n'
    )
    (folder / "i18n" / "zh_CN.po").write_text(
        'msgid ""\nmsgstr ""\n\nmsgid "Unit"\nmsgstr "房屋"\n'
    )
    return tmp_path


def found(repo):
    """List the problems as one text."""
    return "\n".join(checks.problems(repo))


def change(repo, **values):
    """Change the manifest."""
    (repo / "property_x" / "__manifest__.py").write_text(repr({**MANIFEST, **values}))


def test_a_clean_addon_has_no_problem(repo):
    assert found(repo) == ""


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"license": "AGPL-3"}, "the license must be LGPL-3"),
        ({"version": "1.0"}, "19.0.1.0.0"),
        ({"author": ""}, "author and depends"),
        ({"data": ["views/x.xml", "views/y.xml"]}, "views/y.xml is listed and does not exist"),
        ({"data": ["views/x.xml", "views/x.xml"]}, "listed twice"),
        ({"data": []}, "views/x.xml: it is not listed"),
        (
            {"assets": {"web.assets_backend": ["property_x/static/src/**/*"]}},
            "static/src/**/* matches no file",
        ),
    ],
)
def test_a_bad_manifest_is_found(repo, values, words):
    change(repo, **values)
    assert words in found(repo)


def test_xml_that_is_not_well_formed_is_found(repo):
    (repo / "property_x" / "views" / "x.xml").write_text("<odoo><record></odoo>")
    assert "property_x/views/x.xml" in found(repo)


def test_a_habit_of_older_odoo_is_found(repo):
    (repo / "property_x" / "views" / "x.xml").write_text("<odoo><tree/></odoo>")
    assert "lists are <list>" in found(repo)


def test_a_list_that_shows_a_size_instead_of_a_file_is_found(repo):
    view = repo / "property_x" / "views" / "x.xml"
    view.write_text('<odoo><list><field name="file" filename="name"/></list></odoo>')
    assert "the size of file" in found(repo)
    view.write_text(
        '<odoo><list><field name="file" widget="binary" filename="name"/></list></odoo>'
    )
    assert found(repo) == ""


def test_a_column_that_is_called_display_name_is_found(repo):
    view = repo / "property_x" / "views" / "x.xml"
    view.write_text('<odoo><list><field name="display_name"/></list></odoo>')
    assert "a column of display_name needs a string" in found(repo)
    view.write_text('<odoo><list><field name="display_name" string="Unit"/></list></odoo>')
    assert found(repo) == ""


def test_a_file_that_is_too_long_is_found(repo):
    (repo / "property_x" / "x.py").write_text("pass\n" * 401)
    assert "more than 400 lines" in found(repo)


def test_a_missing_translation_is_found(repo):
    (repo / "property_x" / "i18n" / "zh_CN.po").write_text('msgid ""\nmsgstr ""\n')
    assert "not translated: 'Unit'" in found(repo)


def test_missing_terms_are_found(repo):
    (repo / "property_x" / "i18n" / "property_x.pot").unlink()
    assert "property_x.pot: it is missing" in found(repo)
