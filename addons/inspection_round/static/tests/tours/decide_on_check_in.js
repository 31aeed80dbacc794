import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("inspection_check_in_decided", {
    steps: () => [
        {
            content: "Open the late check-in",
            trigger: ".o_list_view .o_data_row:contains('Gate'):contains('Too Late') td[name=checkpoint_id]",
            run: "click",
        },
        {
            content: "It counts",
            trigger: ".o_form_view button[name=action_accept]",
            run: "click",
        },
        {
            content: "Why",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit The lift was stuck",
        },
        {
            content: "Decide",
            trigger: ".modal button[name=action_decide]",
            run: "click",
        },
        {
            content: "It is valid now",
            trigger: "body:not(:has(.modal)) .o_statusbar_status button[data-value=valid].o_arrow_button_current",
        },
        {
            content: "The reason stays with it",
            trigger: ".o_field_widget[name=decision_reason]:contains('The lift was stuck')",
        },
    ],
});
