import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("property_relief_asked", {
    steps: () => [
        {
            content: "A new relief",
            trigger: ".o_list_view:has(th[data-name=impact_text]) .o_list_button_add",
            run: "click",
        },
        {
            content: "Name it",
            trigger: ".o_field_widget[name=name] input, .o_field_widget[name=name] textarea",
            run: "edit Vacancy rate",
        },
        {
            content: "Its legal basis",
            trigger: ".o_field_widget[name=legal_basis] input",
            run: "edit Rule 38",
        },
        {
            content: "Open the first day",
            trigger: ".o_field_widget[name=date_from] button[data-field=date_from], .o_field_widget[name=date_from] input[data-field=date_from]",
            run: "click",
        },
        {
            content: "Enter the first day",
            trigger: ".o_field_widget[name=date_from] input[data-field=date_from]",
            run: "edit 2026-09-01 && press Enter",
        },
        {
            content: "Forty per cent",
            trigger: ".o_field_widget[name=percent] input",
            run: "edit 40",
        },
        {
            content: "Add units",
            trigger: ".o_field_widget[name=unit_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "Choose the vacant one",
            trigger: ".modal .o_data_row:contains('3-1-1502') .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Take it",
            trigger: ".modal .o_select_button:not([disabled])",
            run: "click",
        },
        {
            content: "It is in the list",
            trigger: ".o_form_view .o_field_widget[name=unit_ids] .o_data_row:contains('3-1-1502')",
        },
        {
            content: "Ask",
            trigger: ".o_statusbar_buttons button[name=action_submit]",
            run: "click",
        },
        {
            content: "The effect is shown",
            trigger: ".o_form_view .alert .o_field_widget[name=impact_text]:contains('120.00')",
        },
    ],
});

registry.category("web_tour.tours").add("property_relief_approved", {
    steps: () => [
        {
            content: "Open what waits",
            trigger: ".o_data_row:contains('Vacancy rate') td[name=name]",
            run: "click",
        },
        {
            content: "Approve",
            trigger: ".o_statusbar_buttons button[name=action_approve]",
            run: "click",
        },
        {
            content: "Yes, with this effect",
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "Approved",
            trigger: ".o_statusbar_status button[data-value=approved].o_arrow_button_current",
        },
    ],
});
