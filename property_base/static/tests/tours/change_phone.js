import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("property_change_phone", {
    steps: () => [
        {
            content: "Open the person",
            trigger: ".o_data_row:contains('Test Owner Li') td[name=name]",
            run: "click",
        },
        {
            content: "The number is masked",
            trigger: ".o_form_view .o_field_widget[name=phone_masked]:contains('138****1111')",
        },
        {
            content: "There is no field with the whole number",
            trigger: ".o_form_view:not(:has(.o_field_widget[name=phone]))",
        },
        {
            content: "Change it",
            trigger: "button[name=action_edit_phone]",
            run: "click",
        },
        {
            content: "Enter the new number",
            trigger: ".modal .o_field_widget[name=phone] input:value('13800001111')",
            run: "edit 13899998888",
        },
        {
            content: "Save",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "The form shows the new number, masked",
            trigger: "body:not(:has(.modal)) .o_field_widget[name=phone_masked]:contains('138****8888')",
        },
    ],
});
