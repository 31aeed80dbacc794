from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import TODAY, LeasingCommon


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestSpace(LeasingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.space, cls.space_2 = cls.env["property.space"].create(
            [{"unit_id": unit.id, "price": 4.0} for unit in (cls.shop, cls.shop_2)]
        )

    def assert_state(self, space, state):
        space.invalidate_recordset(["state"])
        self.assertEqual(space.state, state)
        found = [
            one
            for one, _label in space._fields["state"].selection
            if space in space.search([("state", "=", one)])
        ]
        self.assertEqual(found, [state])

    def test_the_status_follows_from_leases_and_dates(self):
        self.assert_state(self.space, "vacant")
        lease = self.sign(self.new_lease())
        self.assert_state(self.space, "leased")
        self.assertEqual((self.space.lease_id, str(self.space.vacant_from)), (lease, "2027-07-01"))
        self.assert_state(self.space_2, "vacant")
        with freeze_time("2027-06-01"):
            self.assert_state(self.space, "ending")
        with freeze_time("2027-07-01"):
            self.assert_state(self.space, "vacant")

    def test_a_reservation_ends_by_itself(self):
        self.space.write({"reserved_for_id": self.baker.id, "reserved_until": "2026-09-20"})
        self.assert_state(self.space, "reserved")
        with freeze_time("2026-09-21"):
            self.assert_state(self.space, "vacant")

    def test_nobody_takes_a_reserved_space_over_and_what_was_reserved_stays_on_file(self):
        self.space.write({"reserved_for_id": self.baker.id, "reserved_until": "2026-09-20"})
        with self.assertRaisesRegex(UserError, "Baker Sun until 2026-09-20"):
            self.space.write({"reserved_for_id": self.cafe.id, "reserved_until": "2026-09-30"})
        self.space.reserved_until = "2026-09-25"
        row = self.space.reservation_ids
        self.assertEqual(
            (row.partner_id, str(row.date_from), str(row.date_to), row.state),
            (self.baker, TODAY, "2026-09-25", "held"),
        )
        self.space.write({"reserved_for_id": False, "reserved_until": False})
        self.assertEqual((row.state, str(row.ended_date)), ("released", TODAY))
        self.space.write({"reserved_for_id": self.cafe.id, "reserved_until": "2026-09-18"})
        with freeze_time("2026-09-19"):
            # who held it last has no say any more: his days are over
            self.space.write({"reserved_for_id": self.baker.id, "reserved_until": "2026-09-30"})
            self.space.invalidate_recordset(["reservation_ids"])
            rows = self.space.reservation_ids
            rows.invalidate_recordset(["state"])
            self.assertEqual(rows.mapped("state"), ["held", "lapsed", "released"])
            self.assertEqual(rows.partner_id, self.baker | self.cafe)

    def test_the_database_refuses_two_reservations_of_a_day(self):
        self.space.write({"reserved_for_id": self.baker.id, "reserved_until": "2026-09-20"})
        vals = self.space.reservation_ids.sudo().copy_data()[0]
        vals["partner_id"] = self.cafe.id
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.env["property.space.reservation"].create(vals)

    def test_a_space_is_off_the_market_for_its_days(self):
        self.space.write({"off_from": "2026-09-01", "off_to": "2026-09-30"})
        self.assert_state(self.space, "off_market")
        with freeze_time("2026-10-01"):
            self.assert_state(self.space, "vacant")

    @mute_logger("odoo.sql_db")
    def test_half_a_reservation_is_refused(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.space.reserved_for_id = self.baker
            self.env.flush_all()

    def test_a_lease_of_chosen_spaces_starts_with_their_prices(self):
        context = (self.space | self.space_2).action_new_lease()["context"]
        lease = self.env["property.lease"].with_context(**context).new({})
        self.assertEqual(lease.site_id, self.site)
        self.assertEqual(lease.line_ids.mapped("price"), [4.0, 4.0])

    def test_fifty_spaces_take_as_many_queries_as_one(self):
        units = self.env["property.unit"].union(
            *(self.new_unit(f"Q{i}", type_id=self.type_shop.id) for i in range(50))
        )
        spaces = self.env["property.space"].create([{"unit_id": unit.id} for unit in units])
        self.env.flush_all()
        counts = []
        for some in (spaces[:1], spaces):
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            some.mapped("state")
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0])
