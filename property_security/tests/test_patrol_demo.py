from unittest.mock import patch

from odoo.tests import tagged

from ..demo import patrol
from .patrol_common import NOW, PatrolCommon


@tagged("post_install", "-at_install")
class TestPatrolDemo(PatrolCommon):
    def test_the_demo_has_patrols_and_a_wand_file_to_mend(self):
        site = self.env["property.site"].create({"name": "Demo", "code": "TSTD"})
        guards = self.night_guard | self.spare | self.guard
        with patch.object(patrol, "_hire", lambda *_args: (self.leader, guards)):
            patrol._build_site(self.env, site, NOW.date())
        rounds = self.env["inspection.round"].search(
            [("site_id", "=", site.id), ("deadline_at", "<", NOW)]
        )
        self.assertEqual(set(rounds.mapped("kind")), {"patrol"})
        self.assertIn("done", rounds.mapped("state"))
        self.assertFalse(rounds.filtered(lambda one: not one.shift_id))
        older, newer = self.env["property.patrol.wand.file"].search(
            [("site_id", "=", site.id)], order="id"
        )
        self.assertEqual(older.row_count, older.taken_count)
        self.assertEqual((newer.taken_count, newer.refused_count), (20, 3))
