import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("property_find_household", {
    steps: () => [
        {
            content: "Type the end of a phone number",
            trigger: ".o_searchview_input",
            run: "edit 00001111",
        },
        {
            content: "The first suggestion searches rooms, names, phones and plates",
            trigger: ".o_searchview_autocomplete .o-dropdown-item:first",
            run: "click",
        },
        {
            content: "Only the household of that person is left",
            trigger: ".o_list_view:not(:has(.o_data_row:eq(1))) .o_data_row:contains('3-1-1502')",
        },
        {
            content: "Open it",
            trigger: ".o_data_row:contains('3-1-1502') td[name=code]",
            run: "click",
        },
        {
            content: "The number stays masked",
            trigger: ".o_form_view .o_field_widget[name=owner_phone_masked]:contains('138****1111')",
        },
        {
            content: "Ask for the number",
            trigger: ".o_field_widget[name=occupancy_ids] .o_data_row:contains('Test Owner Li') button[name=action_reveal_phone]",
            run: "click",
        },
        {
            content: "It is shown with a link that dials it",
            trigger: ".o_notification a[href='tel:13800001111']",
        },
    ],
});
