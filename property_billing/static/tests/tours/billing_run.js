import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";
import { pick } from "@property_base/../tests/tours/pick";

registry.category("web_tour.tours").add("property_billing_run", {
    steps: () => [
        ...stepUtils.goToAppSteps("property_base.menu_property_root", "Open Property"),
        {
            content: "Open Billing",
            trigger: "[data-menu-xmlid='property_billing.menu_billing']",
            run: "click",
        },
        {
            content: "Open Billing Runs",
            trigger: "[data-menu-xmlid='property_billing.menu_billing_run']",
            run: "click",
        },
        {
            content: "A new run",
            trigger: ".o_list_button_add",
            run: "click",
        },
        ...pick("site_ids", "Test Garden"),
        {
            content: "Open the first day",
            trigger: ".o_field_widget[name=date_from] button[data-field=date_from]",
            run: "click",
        },
        {
            content: "Enter the first day",
            trigger: ".o_field_widget[name=date_from] input[data-field=date_from]",
            run: "edit 2026-09-01",
        },
        {
            content: "Open the last day",
            trigger: ".o_field_widget[name=date_from] button[data-field=date_to]",
            run: "click",
        },
        {
            content: "Enter the last day",
            trigger: ".o_field_widget[name=date_from] input[data-field=date_to]",
            run: "edit 2026-09-30 && press Enter",
        },
        {
            content: "The run is named after site and month",
            trigger: ".o_field_widget[name=name] input:value('Test Garden 2026-09')",
        },
        {
            content: "Compute",
            trigger: ".o_statusbar_buttons button[name=action_queue_compute]",
            run: "click",
        },
        {
            content: "See the total",
            trigger: ".o_field_widget[name=amount_total]:contains('741.71')",
        },
        {
            content: "See the totals by item",
            trigger: ".o_field_widget[name=review_html]:contains('111.71'):contains('600.00')",
        },
        {
            content: "Post",
            trigger: ".o_statusbar_buttons button[name=action_queue_post]",
            run: "click",
        },
        {
            content: "Yes, post",
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "Posted",
            trigger: ".o_statusbar_status button[data-value=posted].o_arrow_button_current",
        },
        {
            content: "Open the bills",
            trigger: "button[name=action_view_bills]",
            run: "click",
        },
        {
            content: "One bill a charge",
            trigger: ".o_list_view .o_data_row:eq(3)",
        },
        {
            content: "Open the water bill",
            trigger: ".o_data_row:contains('111.71') td[name=name]",
            run: "click",
        },
        {
            content: "It is a stock invoice with its unit",
            trigger: ".o_form_view .o_field_widget[name=unit_id] a:contains('3-1-1502')",
        },
    ],
});
