import { registry } from "@web/core/registry";

const point = (name) => [
    {
        content: `Add the checkpoint ${name}`,
        trigger: ".o_field_widget[name=checkpoint_ids] .o_field_x2many_list_row_add a",
        run: "click",
    },
    {
        content: `Name it ${name}`,
        trigger: ".modal .o_field_widget[name=name] input, .modal .o_field_widget[name=name] textarea",
        run: `edit ${name}`,
    },
    {
        content: `Keep ${name}`,
        trigger: ".modal .o_form_button_save",
        run: "click",
    },
    {
        content: `${name} is in the list`,
        trigger: `body:not(:has(.modal)) .o_field_widget[name=checkpoint_ids] .o_data_row:contains('${name}')`,
    },
];

registry.category("web_tour.tours").add("inspection_route_planned", {
    steps: () => [
        {
            content: "A new route",
            trigger: ".o_list_view .o_list_button_add",
            run: "click",
        },
        {
            content: "Name it",
            trigger: ".o_field_widget[name=name] input, .o_field_widget[name=name] textarea",
            run: "edit Night patrol",
        },
        ...point("Main gate"),
        ...point("Car park"),
        {
            content: "Keep the route",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Open its plans",
            trigger: "body:has(.o_form_saved) button[name=action_plans]",
            run: "click",
        },
        {
            content: "A new plan",
            trigger: ".o_list_view .o_list_button_add",
            run: "click",
        },
        {
            content: "Name the plan",
            trigger: ".o_form_view .o_field_widget[name=name] input, .o_form_view .o_field_widget[name=name] textarea",
            run: "edit Twice a night",
        },
        {
            content: "The route is given",
            trigger: ".o_field_widget[name=route_id] input:value(Night patrol)",
        },
        {
            content: "At which times",
            trigger: ".o_field_widget[name=times] input",
            run: "edit 23:00, 03:00 && press Tab",
        },
        {
            content: "The next rounds are shown",
            trigger: ".o_field_widget[name=preview]:contains('03:00'):contains('23:00')",
        },
        {
            content: "Keep the plan",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Look at its rounds",
            trigger: "body:has(.o_form_saved) button[name=action_rounds]",
            run: "click",
        },
        {
            content: "They are there",
            trigger: ".o_kanban_view .o_kanban_record:contains('Night patrol'):contains('0 / 2')",
        },
    ],
});
