import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";
import { pick } from "@property_base/../tests/tours/pick";

registry.category("web_tour.tours").add("property_receipt_book", {
    steps: () => [
        ...stepUtils.goToAppSteps("property_base.menu_property_root", "Open Property"),
        {
            content: "Open Collection",
            trigger: "[data-menu-xmlid='property_billing.menu_collection']",
            run: "click",
        },
        {
            content: "Open Receipt Books",
            trigger: "[data-menu-xmlid='property_billing.menu_receipt_book']",
            run: "click",
        },
        { content: "A new book", trigger: ".o_list_button_add", run: "click" },
        ...pick("site_id", "Test Garden"),
        {
            content: "Enter the prefix",
            trigger: ".o_field_widget[name=prefix] input",
            run: "edit tg-",
        },
        {
            content: "Enter the last number",
            trigger: ".o_field_widget[name=number_to] input",
            run: "edit 50",
        },
        {
            content: "Enter the digits",
            trigger: ".o_field_widget[name=digits] input",
            run: "edit 4",
        },
        { content: "Save", trigger: ".o_form_button_save", run: "click" },
        {
            content: "It has fifty forms",
            trigger: ".o_field_widget[name=qty_left]:contains('50')",
        },
        {
            content: "Issue it",
            trigger: ".o_statusbar_buttons button:contains('Hand Out')",
            run: "click",
        },
        ...pick("user_id", "tour.cashier"),
        { content: "Hand it over", trigger: ".modal button[name=action_confirm]", run: "click" },
        {
            content: "It is with the cashier",
            trigger: ".o_statusbar_status button[data-value=issued].o_arrow_button_current",
        },
    ],
});
