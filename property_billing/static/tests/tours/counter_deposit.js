import { registry } from "@web/core/registry";

import { press } from "./press";

// A deposit for a key, without a mouse: no bill is paid with it.
registry.category("web_tour.tours").add("property_billing_deposit", {
    steps: () => [
        { content: "The shift is open", trigger: ".o_pc_shift b:contains('Test Garden')" },
        { content: "Type the room", trigger: ".o_pc_search input", run: "edit 3-1502" },
        { content: "One household", trigger: ".o_pc_results li.o_pc_on:contains('3-1-1502')" },
        { content: "Open it", trigger: ".o_pc_search input", run: "press Enter" },
        { content: "Everything is chosen", trigger: ".o_pc_total strong:contains('410.50')" },
        { content: "No bill", trigger: ".o_pc_total", ...press("F3") },
        { content: "Nothing to pay", trigger: ".o_pc_total strong:contains('0.00'):not(:contains('410.50'))" },
        { content: "A deposit", trigger: ".o_pc_total", ...press("d") },
        { content: "The usual amount", trigger: ".o_pc_total strong:contains('2,000.00')" },
        { content: "Its amount can be changed", trigger: ".o_pc_deposit_amount:focus", ...press("d") },
        { content: "A key has no usual amount", trigger: ".o_pc_problem" },
        { content: "Thirty", trigger: ".o_pc_deposit_amount", run: "edit 30" },
        { content: "It is reckoned", trigger: ".o_pc_total strong:contains('30.00'):not(:contains('2,'))" },
        { content: "Which key, and back to the keys", trigger: ".o_pc_deposit .o_pc_text", run: "edit Key 7 && press Enter" },
        { content: "The line says what it is", trigger: ".o_pc_total dt:contains('Key Deposit · Key 7')" },
        { content: "Cash", trigger: "body:not(:has(.o_pc_deposit .o_pc_text:focus)) .o_pc_total", ...press("c") },
        { content: "The amount is filled in", trigger: ".o_pc_tender .o_pc_money[placeholder='30.00']", ...press("F9") },
        { content: "Done", trigger: ".o_pc_done h2 b:contains('30.00')" },
        { content: "The receipt is printed", trigger: "body:has(iframe.o_pc_print[src*='/report/pdf/'])" },
    ],
});
