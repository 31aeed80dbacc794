from odoo.tests import HttpCase, tagged

from .common import PropertyCommon

OPEN_AND_SHOW = """
(async () => {
    const until = async (find) => {
        for (let i = 0; i < 100; i++) {
            const found = find();
            if (found) return found;
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        throw new Error("not found: " + find);
    };
    const cards = () => [...document.querySelectorAll(".o_kanban_record:not(.o_kanban_ghost)")];
    const card = await until(() => cards().find((one) => one.innerText.includes("Owner Li")));
    if (!card.innerText.includes("138****1111")) throw new Error("not masked");
    if (document.body.innerText.includes("13800001111")) throw new Error("shown too early");
    if (document.documentElement.scrollWidth > window.innerWidth) throw new Error("too wide");
    card.querySelector("button[name=action_reveal_phone]").click();
    const link = await until(() => document.querySelector(".o_notification a[href^='tel:']"));
    if (!link.innerText.includes("13800001111")) throw new Error("wrong number");
    console.log("test successful");
})().catch((error) => console.error(error.message));
"""


@tagged("post_install", "-at_install")
class TestStaffPhone(HttpCase, PropertyCommon):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_guard_looks_a_resident_up_on_a_phone(self):
        guard = self.new_staff("phone.guard", self.new_job("guard"), self.site)
        action = self.env.ref("property_base.property_occupancy_action")
        self.browser_js(
            f"/odoo/action-{action.id}",
            OPEN_AND_SHOW,
            "!!document.querySelector('.o_kanban_record')",
            login="phone.guard",
        )
        entry = self.env["property.audit"].search([("event", "=", "unmask")], limit=1)
        self.assertEqual((entry.user_id, entry.res_id), (guard, self.owner.id))
