import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("property_receipt_void", {
    steps: () => [
        { content: "Take it out of force", trigger: "button[name=action_void_wizard]", run: "click" },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit The printer tore the form",
        },
        { content: "Confirm", trigger: ".modal button[name=action_confirm]", run: "click" },
        {
            content: "The next one says the same",
            trigger: ".o_form_view:not(:has(.ribbon)) .o_field_widget[name=replaces_id] a",
            run: "click",
        },
        { content: "The old one is void", trigger: ".o_form_view .ribbon" },
        { content: "With the reason", trigger: ".o_form_view .alert:contains('tore the form')" },
    ],
});
