import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("property_security_open_by_hand", {
    steps: () => [
        {
            content: "Open the south barrier",
            trigger: ".o_kanban_record:contains('South barrier') button:contains('Open by Hand')",
            run: "click",
        },
        {
            content: "Choose the reason",
            trigger: ".modal .o_field_widget[name=reason_kind] .o_selection_badge:contains('Ambulance')",
            run: "click",
        },
        {
            content: "Say more",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Ambulance for building 3",
        },
        {
            content: "Open",
            trigger: ".modal button[name=action_open]",
            run: "click",
        },
        {
            content: "It opens",
            trigger: ".o_notification:contains('South barrier opens')",
        },
    ],
});
