import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("property_lease_rent_roll", {
    steps: () => [
        ...stepUtils.goToAppSteps("property_base.menu_property_root", "Open Property"),
        {
            content: "Open Leasing",
            trigger: "[data-menu-xmlid='property_leasing.menu_leasing']",
            run: "click",
        },
        {
            content: "Open the overview",
            trigger: "[data-menu-xmlid='property_leasing.menu_leasing_overview']",
            run: "click",
        },
        {
            content: "One of two shops is let",
            trigger: ".o_lease_overview .o_lease_occupancy:contains('1 of 2 spaces')",
        },
        {
            content: "Its charts are drawn",
            trigger: ".o_lease_overview .o_lease_chart canvas",
        },
        {
            content: "Open Leasing again",
            trigger: "[data-menu-xmlid='property_leasing.menu_leasing']",
            run: "click",
        },
        {
            content: "Ask for a day",
            trigger: "[data-menu-xmlid='property_leasing.menu_lease_report_wizard']",
            run: "click",
        },
        {
            content: "Open the day",
            trigger: ".modal .o_field_widget[name=date] button[data-field=date], .modal .o_field_widget[name=date] input[data-field=date]",
            run: "click",
        },
        {
            content: "After the lease has ended",
            trigger: ".modal .o_field_widget[name=date] input[data-field=date]",
            run: "edit 2027-07-10 && press Enter",
        },
        {
            content: "Nothing is let then",
            trigger: ".modal .o_field_widget[name=let_count]:contains('0')",
        },
        {
            content: "A day of the lease",
            trigger: ".modal .o_field_widget[name=date] button[data-field=date], .modal .o_field_widget[name=date] input[data-field=date]",
            run: "click",
        },
        {
            content: "Choose it",
            trigger: ".modal .o_field_widget[name=date] input[data-field=date]",
            run: "edit 2027-05-15 && press Enter",
        },
        {
            content: "One shop is let",
            trigger: ".modal .o_field_widget[name=let_count]:contains('1')",
        },
        {
            content: "Take the workbook",
            trigger: ".modal .modal-footer button[name=action_export]",
            run: "click",
        },
        {
            content: "Show it as well",
            trigger: ".modal .modal-footer button[name=action_open]",
            run: "click",
        },
        {
            content: "The roll names its day",
            trigger: ".o_breadcrumb:contains('Rent Roll ·'):contains('2027')",
        },
        {
            content: "The lease ends soon, as seen from that day",
            trigger: ".o_data_row:contains('3-1-S01'):contains('Cafe Lin'):contains('Ending')",
        },
        {
            content: "Open the lease behind the row",
            trigger: ".o_data_row:contains('3-1-S01') td[name=unit_id]",
            run: "click",
        },
        {
            content: "It is the lease",
            trigger: ".o_form_view .o_field_widget[name=partner_id]:contains('Cafe Lin'), .o_form_view .o_field_widget[name=partner_id] input",
        },
    ],
});
