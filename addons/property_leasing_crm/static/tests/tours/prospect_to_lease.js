import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("property_prospect_to_lease", {
    steps: () => [
        {
            content: "A new prospect",
            trigger: ".o-kanban-button-new",
            run: "click",
        },
        {
            content: "Who it is",
            trigger: ".o_field_widget[name=brand] input",
            run: "edit Tea House Mo",
        },
        {
            content: "From this size",
            trigger: ".o_field_widget[name=area_from] input",
            run: "edit 45",
        },
        {
            content: "To that size",
            trigger: ".o_field_widget[name=area_to] input",
            run: "edit 55",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "The shop suits best: offer it",
            trigger:
                ".o_field_widget[name=match_ids] .o_data_row:first:contains('3-1-S01') button[name=action_offer_to_lead]",
            run: "click",
        },
        {
            content: "The space is in the offer",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains('3-1-S01')",
        },
        {
            content: "Send it",
            trigger: ".o_statusbar_buttons button[name=action_send]",
            run: "click",
        },
        {
            content: "They accept",
            trigger: ".o_statusbar_buttons button[name=action_accept]",
            run: "click",
        },
        {
            content: "Back to the prospect",
            trigger:
                ".o_statusbar_status button[data-value=accepted].o_arrow_button_current, .o_breadcrumb",
        },
        {
            content: "It can become a lease",
            trigger: ".o_statusbar_buttons button[name=action_make_lease]",
        },
        {
            content: "First back to the prospect",
            trigger: ".breadcrumb-item.o_back_button a",
            run: "click",
        },
        {
            content: "Reserve",
            trigger: ".o_statusbar_buttons button[name=action_reserve]",
            run: "click",
        },
        {
            content: "With a deposit",
            trigger: ".modal .o_field_widget[name=amount] input",
            run: "edit 1000",
        },
        {
            content: "Confirm",
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "It is held",
            trigger: ".o_field_widget[name=reservation_state]:contains('Reserved')",
        },
        {
            content: "Make the lease",
            trigger: ".o_statusbar_buttons button[name=action_make_lease]",
            run: "click",
        },
        {
            content: "The lease is there with the space",
            trigger:
                ".o_field_widget[name=line_ids] .o_data_row:contains('3-1-S01')",
        },
    ],
});
