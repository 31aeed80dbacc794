import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const openReport = (menu, what) => [
    {
        content: "Open Reports",
        trigger: "[data-menu-xmlid='property_billing.menu_reports']",
        run: "click",
    },
    {
        content: `Open ${what}`,
        trigger: `[data-menu-xmlid='property_billing.${menu}']`,
        run: "click",
    },
];

registry.category("web_tour.tours").add("property_reports", {
    steps: () => [
        ...stepUtils.goToAppSteps("property_base.menu_property_root", "Open Property"),
        ...openReport("menu_report_collection", "Collection Rate"),
        {
            content: "The rate of September: 100 of 600",
            trigger: ".o_pivot table:contains('16.67%'):contains('600.00')",
        },
        ...openReport("menu_report_ageing", "Arrears Ageing"),
        {
            content: "What is open of the site",
            trigger: ".o_pivot table:contains('Test Garden'):contains('500.00')",
        },
        {
            content: "See the items",
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            content: "Open the bill behind a row",
            trigger: ".o_list_view .o_data_row:contains('3-1-1502') td[name=unit_id]",
            run: "click",
        },
        {
            content: "It is the invoice",
            trigger: ".o_form_view .o_field_widget[name=unit_id] a:contains('3-1-1502')",
        },
        ...openReport("menu_report_wizard", "Report as of a Day"),
        {
            content: "Choose ageing",
            trigger: ".modal .o_field_widget[name=report] label:contains('Arrears Ageing')",
            run: "click",
        },
        {
            content: "Show it",
            trigger: ".modal .modal-footer button[name=action_open]",
            run: "click",
        },
        {
            content: "The report names its day",
            trigger: ".o_breadcrumb:contains('Arrears Ageing ·')",
        },
    ],
});
