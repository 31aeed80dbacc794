"""One table of rights, checked in the same way by every addon of the family."""

from odoo.exceptions import AccessError

from .common import ROLES

OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


class AccessMatrixMixin:
    """Check role × model × operation × own or foreign site.

    ``MATRIX``: model -> role -> letters of OPERATIONS; ``records``: model -> (record of the own
    site, record of a foreign one); ``users``: role -> user.
    """

    MATRIX = {}

    def assert_operations(self, records, user, wanted, where):
        for letter, operation in OPERATIONS.items():
            with self.subTest(f"{where}: {operation} {records._name}"):
                self.assertEqual(records.with_user(user).has_access(operation), letter in wanted)

    def test_each_role_does_what_the_table_says_on_its_own_site(self):
        for model, roles in self.MATRIX.items():
            own = self.records.get(model, (self.env[model],))[0]
            for role in ROLES:
                self.assert_operations(own, self.users[role], roles[role], f"{role} own")

    def test_no_role_but_the_director_touches_a_foreign_site(self):
        for model, (_own, foreign) in self.records.items():
            for role in ROLES:
                wanted = self.MATRIX[model][role] if role == "director" else ""
                self.assert_operations(foreign, self.users[role], wanted, f"{role} foreign")

    def test_reading_and_searching_agree_with_the_table(self):
        for model, (own, foreign) in self.records.items():
            for role in ROLES:
                records = self.env[model].with_user(self.users[role])
                domain = [("id", "in", (own | foreign).ids)]
                with self.subTest(f"{role} {model}"):
                    if not self.MATRIX[model][role]:
                        with self.assertRaises(AccessError):
                            records.search(domain)
                        continue
                    wanted = own | foreign if role == "director" else own
                    self.assertEqual(records.search(domain), wanted)
