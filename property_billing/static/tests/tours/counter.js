import { registry } from "@web/core/registry";

const press = (key, shiftKey = false) => ({
    run: () =>
        (document.activeElement || document.body).dispatchEvent(
            new KeyboardEvent("keydown", { key, shiftKey, bubbles: true, cancelable: true })
        ),
});

// A cashier's day, without a mouse: open the shift, find, pay, undo, pay again, close.
registry.category("web_tour.tours").add("property_billing_counter", {
    steps: () => [
        { content: "The counter asks for a shift", trigger: ".o_pc_shiftpanel .o_pc_float", run: "edit 200 && press Enter" },
        { content: "The shift is open", trigger: ".o_pc_shift b:contains('Test Garden')" },
        { content: "Type part of the room", trigger: ".o_pc_search input", run: "edit 3-1502" },
        { content: "One household", trigger: ".o_pc_results li.o_pc_on:contains('3-1-1502')" },
        { content: "Open it", trigger: ".o_pc_search input", run: "press Enter" },
        { content: "Everything is chosen", trigger: ".o_pc_total strong:contains('410.50')" },
        { content: "Only until August", trigger: ".o_pc_total", ...press("F6") },
        { content: "Nothing but September: the sum stays", trigger: ".o_pc_total strong:contains('410.50')" },
        { content: "All off", trigger: ".o_pc_total", ...press("F3") },
        { content: "Nothing to pay", trigger: ".o_pc_total strong:contains('0.00'):not(:contains('410.50'))" },
        { content: "All on", trigger: ".o_pc_total", ...press("F3") },
        { content: "Everything again", trigger: ".o_pc_total strong:contains('410.50')" },
        { content: "A month ahead", trigger: ".o_pc_total", ...press("F8") },
        { content: "It is reckoned", trigger: ".o_pc_total strong:contains('660.50')" },
        { content: "Two", trigger: ".o_pc_total", ...press("F8") },
        { content: "It was one too many", trigger: ".o_pc_total strong:contains('910.50')", ...press("F8", true) },
        { content: "And none after all", trigger: ".o_pc_total strong:contains('660.50')", ...press("F8", true) },
        { content: "Only what is due", trigger: ".o_pc_total strong:contains('410.50')" },
        { content: "An amount with a slip of the finger", trigger: ".o_pc_amount", run: "edit 12x" },
        { content: "What is wrong stays on the screen", trigger: ".o_pc_problem:contains('12x')" },
        { content: "Emptied", trigger: ".o_pc_amount", run: "edit " },
        { content: "All is well", trigger: ".o_pc_right:not(:has(.o_pc_problem)) .o_pc_total strong:contains('410.50')" },
        { content: "Cash", trigger: ".o_pc_total", ...press("c") },
        { content: "He gives 500", trigger: ".o_pc_tender .o_pc_money", run: "edit 500" },
        { content: "The change", trigger: ".o_pc_change b:contains('89.50')" },
        { content: "Take it", trigger: ".o_pc_take:enabled", ...press("F9") },
        { content: "Done, with the change", trigger: ".o_pc_done .o_pc_bigchange b:contains('89.50')" },
        { content: "The receipt is printed", trigger: "body:has(iframe.o_pc_print[src*='/report/pdf/'])" },
        { content: "It was the wrong way to pay", trigger: ".o_pc_done", ...press("F10") },
        { content: "Why", trigger: ".o_pc_reason", run: "edit Pays by card && press Enter" },
        { content: "The bills are open again", trigger: ".o_pc:not(:has(.o_pc_veil)):not(:has(.o_pc_tender)) .o_pc_total strong:contains('410.50')" },
        { content: "POS", trigger: ".o_pc_total", ...press("s") },
        { content: "The amount is filled in", trigger: ".o_pc_tender .o_pc_money[placeholder='410.50']", ...press("Enter") },
        { content: "Done", trigger: ".o_pc_done h2 b:contains('410.50')" },
        { content: "Next", trigger: ".o_pc_done", ...press("Enter") },
        { content: "Nobody at the counter", trigger: ".o_pc_empty" },
        { content: "Close the shift", trigger: ".o_pc_search input", ...press("F1") },
        { content: "Count", trigger: ".o_pc_count input[name='count_100']", run: "edit 2" },
        { content: "Cash agrees", trigger: ".o_pc_figures td b:contains('200.00')" },
        { content: "POS is expected", trigger: ".o_pc_figures td:contains('410.50')" },
        { content: "Close and print", trigger: ".o_pc_shiftpanel", ...press("F9") },
        { content: "Closed", trigger: ".o_pc_panel .fa-lock" },
        { content: "The paper jammed", trigger: "body:has(iframe.o_pc_print[src*='cashier_shift'])", run: () => document.querySelector("iframe.o_pc_print").remove() },
        { content: "Print it again", trigger: "body:not(:has(iframe.o_pc_print)) .o_pc_panel .fa-lock", ...press("r") },
        { content: "It is printed again", trigger: "body:has(iframe.o_pc_print[src*='cashier_shift'])" },
    ],
});
