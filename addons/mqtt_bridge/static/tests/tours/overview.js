import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("mqtt_overview", {
    steps: () => [
        {
            content: "The account of the day balances: 3 = 2 + 0 + 1 + 0",
            trigger: ".o_mqtt_account:contains('Balanced') .o_mqtt_equation:contains('Dead letters')",
        },
        {
            content: "One device is silent; see which",
            trigger: ".o_mqtt_silent .o_mqtt_number:contains('1')",
            run: "click",
        },
        {
            content: "Open it",
            trigger: ".o_kanban_record:contains('Roof pump') .badge:contains('Silent')",
            run: "click",
        },
        {
            content: "Its numbers tell that three messages are missing; see its messages",
            trigger: ".o_form_view button[name=action_missing] .o_stat_value:contains('3')",
        },
        {
            trigger: ".o_form_view button[name=action_messages]",
            run: "click",
        },
        {
            content: "Open the last message",
            trigger: ".o_list_view .o_data_row:contains('21.5') td[name=topic]",
            run: "click",
        },
        {
            content: "Each value stands beside its path",
            trigger: ".o_form_view tr:contains('$.air.temp'):contains('21.5')",
        },
        {
            content: "Go to what is missing",
            trigger: "[data-menu-xmlid='mqtt_bridge.menu_health']",
            run: "click",
        },
        {
            trigger: "[data-menu-xmlid='mqtt_bridge.menu_missing']",
            run: "click",
        },
        {
            content: "Choose the gap",
            trigger: ".o_list_view .o_data_row:contains('Roof pump') .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Settle it",
            trigger: ".o_control_panel button[name=action_settle]",
            run: "click",
        },
        {
            content: "Nothing is missing any more",
            trigger: ".o_view_nocontent:contains('No message is missing')",
        },
    ],
});

registry.category("web_tour.tours").add("mqtt_template", {
    steps: () => [
        {
            content: "Choose the template as decoder",
            trigger: ".o_field_widget[name=decoder]",
        },
        {
            content: "Write what a frame is made of",
            trigger: ".o_field_widget[name=template] textarea",
            run: (helpers) => helpers.edit("expect 68\ntemp i16 / 10\ncheck sum8"),
        },
        {
            content: "Try it",
            trigger: ".o_field_widget[name=sample] textarea",
            run: "edit 68 00 D7 3F",
        },
        {
            content: "Leave the field",
            trigger: ".o_field_widget[name=name] input",
            run: "click",
        },
        {
            content: "It is read while one writes",
            trigger: ".o_field_widget[name=sample_result]:contains('21.5')",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Saved",
            trigger: ".o_form_saved",
        },
    ],
});
