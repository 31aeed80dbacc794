from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from . import import_books
from .common import PropertyStaffCommon


@tagged("post_install", "-at_install")
class TestImportAccess(PropertyStaffCommon):
    def upload_as(self, role, name):
        return (
            self.env["property.import"]
            .with_user(self.users[role])
            .create(
                {
                    "filename": "book.xlsx",
                    "file": import_books.encoded(
                        import_books.workbook(import_books.small_ledger(name))
                    ),
                    "company_id": self.company.id,
                }
            )
        )

    def test_a_director_imports_a_new_site(self):
        imp = self.upload_as("director", "新小区")
        imp.action_import()
        self.assertEqual(imp.site_id.name, "新小区")
        imp.action_undo()

    def test_a_manager_imports_into_an_own_site_only(self):
        own = self.upload_as("manager", self.site.name)
        own.action_import()
        self.assertEqual(own.site_id, self.site)
        for name in (self.other_site.name, "新小区"):
            with self.assertRaises(UserError):
                self.upload_as("manager", name).action_check()

    def test_an_empty_workbook_is_called_empty_and_no_unknown_site(self):
        imp = self.upload_as("finance", "Nowhere")
        imp.file = import_books.encoded(import_books.workbook({"Sheet1": []}))
        self.assertFalse(imp.action_check())
        self.assertRegex(imp.issue_ids.mapped("message")[-1], "^No sheet")

    def test_finance_is_told_who_imports_into_a_site_it_only_reads(self):
        with self.assertRaisesRegex(UserError, "site manager"):
            self.upload_as("finance", self.site.name).action_check()

    def test_other_roles_cannot_import(self):
        for role in ("service", "cashier", "engineer", "guard", "leasing"):
            with self.assertRaises(AccessError, msg=role):
                self.upload_as(role, self.site.name)

    def test_an_import_of_another_site_cannot_be_read(self):
        imp = self.upload_as("director", "新小区")
        imp.action_import()
        with self.assertRaises(AccessError):
            imp.with_user(self.users["manager"]).read(["filename"])
        with self.assertRaises(AccessError):
            imp.with_user(self.users["manager"]).action_undo()

    def test_the_workbook_is_read_by_those_who_import_only(self):
        """A workbook holds a whole community's names, telephone and ID numbers."""
        imp = self.upload_as("manager", self.site.name)
        imp.action_import()
        file = self.env["ir.attachment"].search(
            [("res_model", "=", imp._name), ("res_field", "=", "file"), ("res_id", "=", imp.id)]
        )
        self.assertTrue(file)
        for role in ("guard", "engineer", "service", "leasing", "cashier"):
            user = self.users[role]
            with self.subTest(role):
                self.assertEqual(imp.with_user(user).filename, "book.xlsx")
                with self.assertRaises(AccessError):
                    imp.with_user(user).read(["file"])
                with self.assertRaises(AccessError):
                    file.with_user(user).read(["datas"])
                self.assertFalse(
                    file.with_user(user).search([("id", "=", file.id), ("res_field", "=", "file")])
                )
        self.assertTrue(imp.with_user(self.users["manager"]).file)

    def test_an_import_cannot_be_queued_in_the_name_of_another(self):
        imp = self.upload_as("manager", self.site.name)
        for vals in (
            {
                "is_queued": True,
                "queued_action": "import",
                "queued_user_id": self.users["director"].id,
            },
            {"state": "imported"},
            {"created_records": {"res.users": [2]}},
            {"site_id": self.other_site.id},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                imp.write(vals)
        with self.assertRaises(AccessError):
            imp.create({"filename": "a.xlsx", "file": imp.file, "state": "imported"})

    def test_every_import_is_in_the_audit_log(self):
        imp = self.upload_as("director", "新小区")
        imp.action_import()
        entry = self.env["property.audit"].search(
            [("model", "=", "property.import"), ("res_id", "=", imp.id)]
        )
        self.assertEqual(entry.event, "import")
        self.assertEqual(entry.user_id, self.users["director"])

    def test_a_huge_workbook_is_imported_in_the_background(self):
        imp = self.upload_as("director", "新小区")
        imp.action_check()
        imp.sudo().row_count = 10**6
        imp.action_import_queued()
        self.assertTrue(imp.is_queued)
        self.assertEqual(imp.state, "checked")
        with self.enter_registry_test_mode():
            self.env.ref("property_base.ir_cron_property_import").method_direct_trigger()
        imp.invalidate_recordset()
        self.assertEqual((imp.is_queued, imp.state), (False, "imported"))


@tagged("post_install", "-at_install")
class TestImportTemplateRoute(HttpCase, PropertyStaffCommon):
    def test_staff_download_the_template_and_others_do_not(self):
        self.authenticate("staff.manager", "staff.manager")
        response = self.url_open("/property/import/template")
        self.assertEqual(response.status_code, 200)
        self.assertTrue(response.content.startswith(b"PK"))
        self.authenticate("portal.owner", "portal.owner")
        self.assertEqual(self.url_open("/property/import/template").status_code, 403)

    def test_the_form_opens_with_its_findings(self):
        book = import_books.small_ledger("新小区")
        book["房产"][5][1] = "坏"
        imp = (
            self.env["property.import"]
            .with_user(self.users["director"])
            .create(
                {
                    "filename": "book.xlsx",
                    "file": import_books.encoded(import_books.workbook(book)),
                    "company_id": self.company.id,
                }
            )
        )
        imp.action_check()
        self.browser_js(
            f"/odoo/action-property_base.property_import_action/{imp.id}",
            "console.log('test successful')",
            "document.querySelectorAll('.o_field_widget[name=issue_ids] .o_data_row').length === 4",
            login="staff.director",
        )
