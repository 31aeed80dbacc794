import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("property_security_simulator", {
    steps: () => [
        {
            content: "Type a plate",
            trigger: ".o_gate_simulator input[name=plate]",
            run: "edit 浙A8K888",
        },
        {
            content: "Drive through",
            trigger: ".o_gate_simulator button[name=drive]",
            run: "click",
        },
        {
            content: "The display greets the car, the camera's message and its answer are shown",
            trigger: ".o_gate_sign:contains('浙A·8K888')",
        },
        {
            content: "The gate was told to open",
            trigger: ".o_gate_simulator pre[name=answer]:contains('\"open\": true')",
        },
    ],
});
