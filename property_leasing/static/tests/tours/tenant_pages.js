import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("property_lease_turnover_declared", {
    steps: () => [
        {
            content: "Open the lease",
            trigger: ".o_property_leases a.op-lease-link:contains('Sun Bread')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Enter the turnover of July",
            trigger: ".o_property_declare input[name=amount]",
            run: "edit 128,000.50",
        },
        {
            content: "Declare it",
            trigger: ".o_property_declare:first button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It has arrived",
            trigger: ".o_property_lease .op-note-ok:contains('declared')",
        },
    ],
});

registry.category("web_tour.tours").add("property_lease_statement_signed", {
    steps: () => [
        {
            content: "The statement says what comes back",
            trigger: ".o_property_moveout .op-row-total",
        },
        {
            content: "Draw a signature",
            trigger: ".o_property_signature canvas",
            run({ anchor }) {
                const box = anchor.getBoundingClientRect();
                const at = (type, x, y) =>
                    anchor.dispatchEvent(
                        new PointerEvent(type, {
                            bubbles: true,
                            clientX: box.left + x,
                            clientY: box.top + y,
                        })
                    );
                at("pointerdown", 20, 20);
                at("pointermove", 80, 60);
                at("pointerup", 80, 60);
            },
        },
        {
            content: "Enter the name",
            trigger: ".o_property_sign input[name=name]",
            run: "edit Lin of the Cafe",
        },
        {
            content: "Agree",
            trigger: ".o_property_sign input[name=agreed]",
            run: "check",
        },
        {
            content: "Sign",
            trigger: ".o_property_sign button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is signed",
            trigger: ".o_property_moveout .op-note-ok:contains('Lin of the Cafe')",
        },
    ],
});
