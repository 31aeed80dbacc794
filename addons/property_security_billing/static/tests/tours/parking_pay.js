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
        {
            content: "The receipt",
            trigger: ".o_parking_paid a[href*='/parking/paid/']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "A VAT invoice, please",
            trigger: ".o_parking_invoice summary",
            run: "click",
        },
        {
            content: "For whom",
            trigger: ".o_parking_invoice_form input[name='title']",
            run: "edit 星澜（杭州）有限公司",
        },
        {
            content: "A wrong number",
            trigger: ".o_parking_invoice_form input[name='tax_number']",
            run: "edit 91350100M000100Y44",
        },
        {
            content: "Where to",
            trigger: ".o_parking_invoice_form input[name='phone']",
            run: "edit 13812345678",
        },
        {
            content: "Ask",
            trigger: ".o_parking_invoice_form button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "What is wrong stands beside its field; correct it",
            trigger: ".o_parking_invoice_form:has(.op-wrong) input[name='tax_number']",
            run: "edit 91350100M000100Y43",
        },
        {
            content: "Ask again",
            trigger: ".o_parking_invoice_form button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "It is being made", trigger: ".o_parking_invoice_waiting" },
    ],
});
