import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("property_security_confirm", {
    steps: () => [
        {
            content: "A passage waits for the guard",
            trigger: ".o_kanban_record:contains('浙A8K88B'), .o_data_row:contains('浙A8K88B') td[name=plate]",
            run: "click",
        },
        {
            content: "There is no money on the screen",
            trigger: ".o_form_view:not(:has([name=amount]))",
        },
        {
            content: "Confirm",
            trigger: "button:contains('Confirm the Plate')",
            run: "click",
        },
        {
            content: "The only expected plate is proposed",
            trigger: ".modal .o_field_widget[name=plate] input:value('浙A8K888')",
        },
        {
            content: "Let it in",
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "The gate opened for the right car",
            trigger: "body:not(:has(.modal)) .o_form_view .o_field_widget[name=plate]:contains('浙A8K888')",
        },
    ],
});
