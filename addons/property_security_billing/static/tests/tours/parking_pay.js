import { registry } from "@web/core/registry";

const key = (name) => ({
    content: `Key ${name}`,
    trigger: `.o_parking_keyboard .op-keys:not(.d-none) .op-key[data-key='${name}']`,
    run: "click",
});

registry.category("web_tour.tours").add("property_parking_pay", {
    steps: () => [
        ...["苏", "E", "1", "2", "3", "4", "5"].map(key),
        { content: "The plate is there", trigger: ".op-plate:value(苏E12345)" },
        {
            content: "Ask",
            trigger: ".o_parking_ask:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "How much", trigger: ".o_parking_fee .op-hero-amount:contains('40.00')" },
        {
            content: "Pay",
            trigger: "button[name='o_payment_submit_button']:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "Paid", trigger: ".o_parking_paid .fa-check-circle", timeout: 30000 },
        { content: "The receipt", trigger: ".o_parking_paid a[href*='/parking/receipt/']" },
    ],
});
