import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("property_security_card", {
    steps: () => [
        {
            content: "Open the card of the household",
            trigger: ".o_data_row:contains('8K888') td[name=plates]",
            run: "click",
        },
        {
            content: "It has expired and is in grace",
            trigger: ".o_statusbar_status button[data-value=grace].o_arrow_button_current",
        },
        {
            content: "Renew it",
            trigger: ".o_statusbar_buttons button[name=action_renew]",
            run: "click",
        },
        {
            content: "It is valid again",
            trigger: ".o_statusbar_status button[data-value=valid].o_arrow_button_current",
        },
        {
            content: "Stop it",
            trigger: ".o_statusbar_buttons button[name=action_stop]",
            run: "click",
        },
        {
            content: "Yes",
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "It no longer counts",
            trigger: ".o_statusbar_buttons button[name=action_resume]",
        },
    ],
});
