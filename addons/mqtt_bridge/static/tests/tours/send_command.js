import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("mqtt_bridge_send_command", {
    steps: () => [
        {
            content: "Send a command from the page of the device",
            trigger: ".o_form_view button[name=action_send_command]",
            run: "click",
        },
        {
            content: "The device is there",
            trigger: ".modal .o_field_widget[name=device_ids]:contains('Gate')",
        },
        {
            content: "Write what it shall do",
            trigger: ".modal .o_field_widget[name=payload] textarea",
            run: 'edit {"cmd": "open"}',
        },
        {
            content: "Send it",
            trigger: ".modal button[name=action_send]",
            run: "click",
        },
        {
            content: "It waits for the outbox; take it back",
            trigger: ".o_form_view button[name=action_cancel]",
            run: "click",
        },
        {
            content: "It will not be sent",
            trigger: ".o_statusbar_status button[data-value=cancelled].o_arrow_button_current",
        },
    ],
});
