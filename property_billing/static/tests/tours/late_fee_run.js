import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";
import { pick } from "@property_base/../tests/tours/pick";

registry.category("web_tour.tours").add("property_late_fee_run", {
    steps: () => [
        ...stepUtils.goToAppSteps("property_base.menu_property_root", "Open Property"),
        {
            content: "Open Billing",
            trigger: "[data-menu-xmlid='property_billing.menu_billing']",
            run: "click",
        },
        {
            content: "Open Late Fee Runs",
            trigger: "[data-menu-xmlid='property_billing.menu_late_fee_run']",
            run: "click",
        },
        {
            content: "A new run",
            trigger: ".o_list_button_add",
            run: "click",
        },
        ...pick("site_ids", "Test Garden"),
        {
            content: "Open the day",
            trigger: ".o_field_widget[name=date] button",
            run: "click",
        },
        {
            content: "Late fees up to the first of November",
            trigger: ".o_field_widget[name=date] input",
            run: "edit 2026-11-01 && press Enter",
        },
        {
            content: "See what it would bill",
            trigger: ".o_statusbar_buttons button[name=action_preview]",
            run: "click",
        },
        {
            content: "Two bills, 9.60",
            trigger: ".o_field_widget[name=preview_amount]:contains('9.60')",
        },
        {
            content: "Bill the late fees",
            trigger: ".o_statusbar_buttons button[name=action_post]",
            run: "click",
        },
        {
            content: "Yes",
            trigger: ".modal footer button.btn-primary",
            run: "click",
        },
        {
            content: "They are billed",
            trigger: ".o_field_widget[name=charge_ids] .o_data_row:nth-child(2)",
        },
    ],
});
