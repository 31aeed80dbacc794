import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("property_request_board", {
    steps: () => [
        {
            content: "Open the new request",
            trigger: ".o_kanban_record:contains('Test: the kitchen leaks')",
            run: "click",
        },
        {
            content: "The pool's order shows place and masked phone",
            trigger: ".o_form_view .o_field_widget[name=contact_phone_masked]:contains('138****1111')",
        },
        {
            content: "The resident called again",
            trigger: "button[name=action_urge]",
            run: "click",
        },
        {
            content: "The log has it",
            trigger: ".o_notebook_headers a:contains('Steps')",
            run: "click",
        },
        {
            content: "Urged",
            trigger: ".o_field_widget[name=step_ids] .o_data_row:contains('Urged')",
        },
        {
            content: "Assign it",
            trigger: "button[name=action_event]:contains('Assign')",
            run: "click",
        },
        {
            content: "Choose the engineer",
            trigger: ".modal .o_field_widget[name=employee_id] input",
            run: "edit staff.engineer",
        },
        {
            content: "Take the suggestion",
            trigger: ".o-autocomplete--dropdown-item:contains(staff.engineer):first",
            run: "click",
        },
        {
            content: "Apply",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "It is assigned",
            trigger: "body:not(:has(.modal)) .o_statusbar_status .o_arrow_button_current:contains('Assigned')",
        },
    ],
});

registry.category("web_tour.tours").add("property_request_work", {
    steps: () => [
        {
            content: "Open the own order",
            trigger: ".o_kanban_record:contains('Test: the kitchen leaks')",
            run: "click",
        },
        {
            content: "Accept",
            trigger: "button[name=action_accept]",
            run: "click",
        },
        {
            content: "On site",
            trigger: "button[name=action_arrive]",
            run: "click",
        },
        {
            content: "Done",
            trigger: "button[name=action_event]:contains('Done')",
            run: "click",
        },
        {
            content: "Say what was done",
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit New seal fitted",
        },
        {
            content: "Apply",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "It is done",
            trigger: "body:not(:has(.modal)) .o_statusbar_status .o_arrow_button_current:contains('Done')",
        },
    ],
});
