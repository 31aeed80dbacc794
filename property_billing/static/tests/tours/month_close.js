import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("property_month_close", {
    steps: () => [
        ...stepUtils.goToAppSteps("property_base.menu_property_root", "Open Property"),
        {
            content: "Open Reports",
            trigger: "[data-menu-xmlid='property_billing.menu_reports']",
            run: "click",
        },
        {
            content: "Open Month Closing",
            trigger: "[data-menu-xmlid='property_billing.menu_month_close']",
            run: "click",
        },
        { content: "A new closing", trigger: ".o_list_button_add", run: "click" },
        { content: "Open the day", trigger: ".o_field_widget[name=month] button", run: "click" },
        {
            content: "A day of September",
            trigger: ".o_field_widget[name=month] input",
            run: "edit 2026-09-17 && press Enter",
        },
        { content: "Look at it", trigger: ".o_form_button_save", run: "click" },
        {
            content: "A run is not posted yet: open it",
            trigger:
                ".o_field_widget[name=check_ids] .o_data_row:contains('neither posted') button[name=action_open]",
            run: "click",
        },
        {
            content: "Open the run",
            trigger: ".o_list_view .o_data_row .o_data_cell:contains('Test Garden')",
            run: "click",
        },
        {
            content: "Post it",
            trigger: ".o_statusbar_buttons button[name=action_queue_post]",
            run: "click",
        },
        { content: "Yes", trigger: ".modal button.btn-primary", run: "click" },
        {
            content: "It is posted",
            trigger: ".o_statusbar_status button[data-value=posted].o_arrow_button_current",
        },
        {
            content: "Back to the closing",
            trigger: ".o_breadcrumb .breadcrumb-item a:contains('2026-09')",
            run: "click",
        },
        { content: "Check again", trigger: "button[name=action_check]", run: "click" },
        {
            content: "Nothing stands in the way: close",
            trigger: "button[name=action_close]",
            run: "click",
        },
        { content: "Yes", trigger: ".modal button.btn-primary", run: "click" },
        {
            content: "It is closed",
            trigger: ".o_statusbar_status button[data-value=closed].o_arrow_button_current",
        },
    ],
});
