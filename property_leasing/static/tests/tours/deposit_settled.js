import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("property_lease_deposit_settled", {
    steps: () => [
        {
            content: "Open the move-out",
            trigger: ".o_data_row td:contains('Cafe Lin')",
            run: "click",
        },
        {
            content: "Make the final bills",
            trigger: "button[name=action_bill]",
            run: "click",
        },
        {
            content: "Really",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "Offer the statement to the tenant",
            trigger: "button[name=action_offer]:not(:disabled)",
            run: "click",
        },
        {
            content: "The tenant is asked",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Waits for the tenant')",
        },
    ],
});

registry.category("web_tour.tours").add("property_lease_deposit_booked", {
    steps: () => [
        {
            content: "Open the move-out",
            trigger: ".o_data_row td:contains('Cafe Lin')",
            run: "click",
        },
        {
            content: "Book what the tenant agreed to",
            trigger: "button[name=action_approve]",
            run: "click",
        },
        {
            content: "Really",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "It is closed",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Closed')",
        },
    ],
});
