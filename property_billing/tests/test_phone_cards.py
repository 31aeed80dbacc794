"""On a phone a list is shown as cards: what staff look at every day has them."""

from lxml import etree
from odoo.tests import tagged

from .common import BillingStaffCommon

ROLES = ("cashier", "finance", "manager")


@tagged("post_install", "-at_install")
class TestPhoneCards(BillingStaffCommon):
    def test_every_list_staff_open_from_the_menu_has_cards_on_a_phone(self):
        root = self.env.ref("property_base.menu_property_root")
        set_up = self.env["ir.ui.menu"].search(
            [("id", "child_of", self.env.ref("property_billing.menu_billing_setup").id)]
        )
        found = set()
        for role in ROLES:
            menus = self.env["ir.ui.menu"].with_user(self.users[role])
            seen = menus.search([("id", "child_of", root.id), ("id", "not in", set_up.ids)])
            found |= {menu.action.sudo() for menu in seen if menu.action}
        ours = [
            action
            for action in found
            if action._name == "ir.actions.act_window"
            and action.res_model.startswith("property.")
            and action.get_external_id()[action.id].startswith("property_billing.")
            and action.view_mode.startswith("list,")
        ]
        self.assertTrue(ours)
        without = [
            action.get_external_id()[action.id]
            for action in ours
            if "kanban" not in action.view_mode.split(",")
        ]
        self.assertFalse(without)
        for action in ours:
            with self.subTest(action.res_model):
                arch = self.env[action.res_model].get_view(view_type="kanban")["arch"]
                shown = etree.fromstring(arch).xpath("//t[@t-name='card']//field")
                self.assertGreater(len(shown), 1)

    def test_a_bill_names_its_room_and_item_on_a_phone(self):
        action = self.env.ref("property_billing.account_move_action_bills")
        cards = action.view_ids.filtered(lambda one: one.view_mode == "kanban").view_id
        arch = self.env["account.move"].get_view(cards.id, "kanban")["arch"]
        shown = etree.fromstring(arch).xpath("//t[@t-name='card']//field/@name")
        self.assertLessEqual({"unit_id", "charge_item_id", "partner_id", "payment_state"}, {*shown})
