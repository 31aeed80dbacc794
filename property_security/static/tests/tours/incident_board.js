import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("property_security_camera_wall", {
    steps: () => [
        {
            content: "The picture of the camera is there",
            trigger: ".o_pc_tile:contains('Test gate') img:not(.o_pc_empty)",
            run: "click",
        },
        {
            content: "It is large; go to the camera",
            trigger: ".o_pc_one .o_pc_tile button",
            run: "click",
        },
        {
            content: "Its form opens",
            trigger: ".o_form_view .o_field_widget[name=name]",
        },
    ],
});

registry.category("web_tour.tours").add("property_security_incident", {
    steps: () => [
        {
            content: "Open the incident on the board",
            trigger: ".o_kanban_record:contains('Test: smoke in the garage')",
            run: "click",
        },
        {
            content: "Start",
            trigger: "button[name=action_start]",
            run: "click",
        },
        {
            content: "Do the required step",
            trigger: ".o_data_row:contains('Look') button[name=action_done]",
            run: "click",
        },
        {
            content: "It is done; close",
            trigger: ".o_data_row:contains('Look') button[name=action_undo]",
        },
        {
            content: "Close",
            trigger: ".o_statusbar_buttons button[name=action_close]",
            run: "click",
        },
        {
            content: "Say what came of it",
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: "edit A burnt cable was taken out",
        },
        {
            content: "Apply",
            trigger: ".modal button[name=action_apply]:contains('Close Incident')",
            run: "click",
        },
        {
            content: "The result stands on the form",
            trigger: "body:not(:has(.modal)) .o_form_view .alert-success:contains('burnt cable')",
        },
    ],
});
