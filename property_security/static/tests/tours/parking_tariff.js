import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("property_security_tariff", {
    steps: () => [
        {
            content: "The areas with their spaces",
            trigger: ".o_kanban_record:contains('Deck'):contains('100')",
        },
        {
            content: "Open the configuration",
            trigger: "[data-menu-xmlid='property_security.menu_security_config']",
            run: "click",
        },
        {
            content: "Go to the tariffs",
            trigger: "[data-menu-xmlid='property_security.menu_parking_tariff']",
            run: "click",
        },
        {
            content: "The tariff of the deck is there",
            trigger: ".o_data_row:contains('Hourly')",
        },
        {
            content: "A new tariff",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "Name it",
            trigger: ".o_field_widget[name=name] input",
            run: "edit Visitors",
        },
        {
            content: "Choose the area",
            trigger: ".o_field_widget[name=area_id] input",
            run: "edit Basement",
        },
        {
            content: "It is found",
            trigger: ".o-autocomplete--dropdown-item a:contains('Basement')",
            run: "click",
        },
        {
            content: "Add a rate",
            trigger: ".o_field_widget[name=line_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "Its name",
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit all day",
        },
        {
            content: "Its price",
            trigger: ".modal .o_field_widget[name=block_price] input",
            run: "edit 6",
        },
        {
            content: "Save the rate",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "Before it is saved, the table shows what two hours cost",
            trigger: ".o_field_widget[name=sample_table] tr:contains('2 h') td:contains('¥12')",
        },
        {
            content: "Limit the day",
            trigger: ".o_field_widget[name=cap_period] input",
            run: "edit 10",
        },
        {
            content: "Leave the field",
            trigger: ".o_field_widget[name=name] input",
            run: "click",
        },
        {
            content: "The table follows",
            trigger: ".o_field_widget[name=sample_table] tr:contains('2 h') td:contains('¥10')",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Saved",
            trigger: ".o_form_saved",
        },
    ],
});
