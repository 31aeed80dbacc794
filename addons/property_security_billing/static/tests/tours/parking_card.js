import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("property_parking_renew", {
    steps: () => [
        {
            content: "Renew",
            trigger: ".o_my_card a:contains('Renew')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Three months",
            trigger: ".op-offer:contains('3 months')",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "Chosen", trigger: ".op-offer.active:contains('900.00')" },
        {
            content: "Pay",
            trigger: "button[name='o_payment_submit_button']:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "Paid", trigger: ".o_my_renewed .fa-check-circle", timeout: 30000 },
    ],
});
