import { registry } from "@web/core/registry";

const SCREEN = ".o_gate_simulator";

/** Show a code to the door, and see it open. */
function show(code, name) {
    return [
        {
            content: `${name}: enter the code`,
            trigger: `${SCREEN} input[name=code]`,
            run: `edit ${code}`,
        },
        {
            content: `${name}: hold it to the reader`,
            trigger: `${SCREEN} button[name=code]:enabled`,
            run: "click",
        },
        {
            content: `${name}: the device sent just that, and was told to open`,
            trigger: `${SCREEN}:has(pre:contains('"token": "${code}"')) pre[name=answer]:contains('"open": true')`,
        },
        {
            content: `${name}: the door stands open, then falls shut`,
            trigger: `${SCREEN} .o_gate_scene[data-phase=empty]`,
        },
    ];
}

registry.category("web_tour.tours").add("property_security_visitor_door", {
    steps: () => [
        {
            content: "Stand before the door",
            trigger: `${SCREEN} select[name=lane]`,
            run: "selectByLabel Simulated Door",
        },
        ...show("T".repeat(22), "QR code"),
        ...show("40718293", "Typed code"),
        {
            content: "Try a number that nobody has",
            trigger: `${SCREEN} input[name=code]`,
            run: "edit 11111111",
        },
        {
            content: "Hold it to the reader",
            trigger: `${SCREEN} button[name=code]:enabled`,
            run: "click",
        },
        {
            content: "It stays shut",
            trigger: `${SCREEN}:has(pre:contains('11111111')) pre[name=answer]:contains('"open": false')`,
        },
    ],
});
