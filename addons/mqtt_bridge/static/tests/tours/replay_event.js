import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("mqtt_bridge_replay_event", {
    steps: () => [
        {
            content: "Open the event that failed for good",
            trigger: ".o_data_row:contains('Failed for Good') td[name=device_id]",
            run: "click",
        },
        {
            content: "The error says what went wrong",
            trigger: ".o_form_view .o_field_widget[name=error]:contains('ZeroDivisionError')",
        },
        {
            content: "Run it again",
            trigger: ".o_form_view button[name=action_replay]",
            run: "click",
        },
        {
            content: "It is in the queue",
            trigger: ".o_statusbar_status button[data-value=waiting].o_arrow_button_current",
        },
    ],
});
