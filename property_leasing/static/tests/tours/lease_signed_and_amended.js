import { registry } from "@web/core/registry";

function editDate(name, value) {
    return [
        {
            content: `Open ${name}`,
            trigger: `.o_field_widget[name=${name}] button[data-field=${name}], .o_field_widget[name=${name}] input[data-field=${name}]`,
            run: "click",
        },
        {
            content: `Enter ${name}`,
            trigger: `.o_field_widget[name=${name}] input[data-field=${name}]`,
            run: `edit ${value} && press Enter`,
        },
    ];
}

registry.category("web_tour.tours").add("property_lease_proposed", {
    steps: () => [
        {
            content: "Open the vacant shop",
            trigger: ".o_kanban_record:contains('3-1-S01')",
            run: "click",
        },
        {
            content: "Lease it",
            trigger: ".o_statusbar_buttons button[name=action_new_lease]",
            run: "click",
        },
        {
            content: "Choose the tenant",
            trigger: ".o_field_widget[name=partner_id] input",
            run: "edit Cafe Lin",
        },
        {
            content: "Take the tenant found",
            trigger: ".o-autocomplete--dropdown-item:contains('Cafe Lin')",
            run: "click",
        },
        ...editDate("date_from", "2026-10-01"),
        ...editDate("date_to", "2027-09-30"),
        {
            content: "The space is there with its price",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains('3-1-S01')",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Look at the schedule",
            trigger: ".o_form_saved .o_notebook_headers a[name=schedule], .o_form_view .o_notebook_headers a[name=schedule]",
            run: "click",
        },
        {
            content: "Four quarters are shown before anybody signs",
            trigger: ".o_field_widget[name=instalment_ids] .o_data_row:nth-child(4)",
        },
        {
            content: "Ask for approval",
            trigger: ".o_statusbar_buttons button[name=action_submit]",
            run: "click",
        },
        {
            content: "It waits",
            trigger: ".o_statusbar_status button[data-value=approval].o_arrow_button_current",
        },
    ],
});

registry.category("web_tour.tours").add("property_lease_signed_and_amended", {
    steps: () => [
        {
            content: "Open the lease",
            trigger: ".o_data_row:contains('Cafe Lin') td[name=partner_id]",
            run: "click",
        },
        {
            content: "Approve",
            trigger: ".o_statusbar_buttons button[name=action_approve]",
            run: "click",
        },
        {
            content: "With this schedule",
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "Sign",
            trigger: ".o_statusbar_buttons button[name=action_sign]",
            run: "click",
        },
        {
            content: "Both have signed",
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "Amend it",
            trigger: ".o_statusbar_buttons button[name=action_amend]",
            run: "click",
        },
        {
            content: "An early end",
            trigger: ".o_field_widget[name=kind] .o_radio_item:contains('Other end') input",
            run: "click",
        },
        ...editDate("date_to", "2027-03-31"),
        {
            content: "The penalty",
            trigger: ".o_field_widget[name=penalty] input",
            run: "edit 500",
        },
        {
            content: "Why",
            trigger: ".o_field_widget[name=reason] textarea",
            run: "edit The tenant moves on",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "What changes is shown",
            trigger: ".o_field_widget[name=changes_html] td:contains('2027-04-01')",
        },
        {
            content: "Ask for approval",
            trigger: ".o_statusbar_buttons button[name=action_submit]",
            run: "click",
        },
        {
            content: "It waits for somebody else",
            trigger: ".o_statusbar_status button[data-value=submitted].o_arrow_button_current",
        },
    ],
});
