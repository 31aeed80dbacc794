import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("property_transfer_ownership", {
    steps: () => [
        {
            content: "Open the household",
            trigger: ".o_data_row:contains('3-1-1502') td[name=code]",
            run: "click",
        },
        {
            content: "Transfer it",
            trigger: ".o_statusbar_buttons button[name=action_transfer]:first",
            run: "click",
        },
        {
            content: "Without a new owner it says what is missing",
            trigger: ".modal .o_field_widget[name=problem]",
        },
        {
            content: "Choose the new owner",
            trigger: ".modal .o_field_widget[name=partner_id] input",
            run: "edit Test Buyer",
        },
        {
            content: "Pick the person",
            trigger: ".o-autocomplete--dropdown-item a:contains('Test Buyer Zhao')",
            run: "click",
        },
        {
            content: "It says what will change",
            trigger: ".modal .o_field_widget[name=effect]:contains('Test Buyer Zhao'):contains('Test Owner Li')",
        },
        {
            content: "The family leaves with the old owner",
            trigger: ".modal .o_field_widget[name=leave_ids] .o_data_row:contains('Test Child Li')",
        },
        {
            content: "Confirm",
            trigger: ".modal footer button[name=action_confirm]",
            run: "click",
        },
        {
            content: "The household has its new owner",
            trigger: "body:not(:has(.modal)) .o_form_view .o_field_widget[name=owner_id]:contains('Test Buyer Zhao')",
        },
    ],
});
