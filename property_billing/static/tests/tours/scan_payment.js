import { registry } from "@web/core/registry";

import { press } from "./press";

const tours = registry.category("web_tour.tours");
const find = [
    { content: "Type part of the room", trigger: ".o_pc_search input", run: "edit 3-1502" },
    { content: "One household", trigger: ".o_pc_results li.o_pc_on:contains('3-1-1502')" },
    { content: "Open it", trigger: ".o_pc_search input", run: "press Enter" },
    { content: "Everything is chosen", trigger: ".o_pc_total strong:contains('410.50')" },
];
const code = [
    { content: "WeChat", trigger: ".o_pc_total", ...press("w") },
    { content: "It will be scanned", trigger: ".o_pc_tender .fa-qrcode" },
    { content: "The amount is filled in", trigger: ".o_pc_tender .o_pc_money[placeholder='410.50']" },
    { content: "Show the code", trigger: ".o_pc_take:enabled", ...press("F9") },
    { content: "A big code", trigger: ".o_pc_scan .o_pc_qr[src^='data:image/']" },
    { content: "With the amount", trigger: ".o_pc_scansum:contains('410.50')" },
    { content: "Nothing is typed behind it", trigger: ".o_pc:not(:has(.o_pc_tender input:focus))" },
];

tours.add("property_scan_given_up", {
    steps: () => [
        ...find,
        ...code,
        { content: "Pays another way", trigger: ".o_pc_scan", ...press("Escape") },
        { content: "Given up", trigger: ".o_pc_scanover h2" },
        { content: "Back", trigger: ".o_pc_scanover", ...press("Enter") },
        { content: "The bills are free", trigger: ".o_pc:not(:has(.o_pc_veil)) .o_pc_total strong:contains('410.50')" },
        ...code,
    ],
});

tours.add("property_scan_payer", {
    steps: () => [
        { content: "How much", trigger: ".o_property_scan_pay .op-hero-amount:contains('410.50')" },
        { content: "For what", trigger: ".o_property_scan_pay .op-row:contains('Parking Fee'):contains('150.00')" },
        {
            content: "Pay",
            trigger: "button[name='o_payment_submit_button']:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "Paid", trigger: ".o_property_scan_paid .fa-check-circle", timeout: 30000 },
    ],
});

tours.add("property_scan_arrives", {
    steps: () => [
        { content: "The reloaded counter still waits, then prints", trigger: ".o_pc_done h2 b:contains('410.50')", timeout: 30000 },
        { content: "The receipt is printed", trigger: "body:has(iframe.o_pc_print[src*='/report/pdf/'])" },
        { content: "Next", trigger: ".o_pc_done", ...press("Enter") },
        { content: "Nobody at the counter", trigger: ".o_pc_empty" },
    ],
});

tours.add("property_shift_signed_off", {
    steps: () => [
        { content: "Sign off", trigger: "button[name=action_sign_off]", run: "click" },
        { content: "Yes", trigger: ".modal .modal-footer .btn-primary", run: "click" },
        { content: "Signed", trigger: ".o_statusbar_status button[data-value=signed].o_arrow_button_current" },
    ],
});
