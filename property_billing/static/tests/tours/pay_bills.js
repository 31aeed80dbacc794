import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("property_pay_bills", {
    url: "/my/bills",
    steps: () => [
        {
            content: "Everything due is chosen already",
            trigger: ".o_property_pay_group .o_property_total:contains('350.50')",
        },
        {
            content: "Leave out one bill",
            trigger: ".op-bill:contains('Parking') .o_property_bill",
            run: "click",
        },
        {
            content: "The sum follows",
            trigger: ".o_property_total:contains('200.50')",
        },
        {
            content: "Choose the whole unit again",
            trigger: ".o_property_unit:contains('B1-017') .o_property_unit_all",
            run: "click",
        },
        {
            content: "See how a bill is computed",
            trigger: ".op-bill:contains('Management') .op-why summary",
            run: "click",
        },
        {
            content: "The explanation opens",
            trigger: ".op-why[open] .op-why-text:contains('100 m²')",
        },
        {
            content: "Go to pay",
            trigger: ".o_property_pay",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The sum again, and the way to pay",
            trigger: ".o_property_pay_page .op-hero-amount:contains('350.50')",
        },
        {
            content: "Pay",
            trigger: "button[name='o_payment_submit_button']:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is paid, and there is a receipt",
            trigger: ".o_property_result_done .op-receipt:contains('350.50')",
            timeout: 20000,
        },
        {
            content: "Back to the bills",
            trigger: ".o_property_result_done a[href='/my/bills']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Nothing is left to pay",
            trigger: ".o_property_bills .op-empty",
        },
    ],
});
