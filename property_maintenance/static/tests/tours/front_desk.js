import { registry } from "@web/core/registry";

const press = (key) => ({
    run: () =>
        (document.activeElement || document.body).dispatchEvent(
            new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })
        ),
});

// Somebody calls, without a mouse: find, see what is open, raise, send an engineer, next.
registry.category("web_tour.tours").add("property_front_desk", {
    steps: () => [
        {
            content: "Type the tail of the phone number",
            trigger: ".o_fd_search input",
            run: "edit 2222",
        },
        {
            content: "The tenant is found",
            trigger: ".o_fd_results li.o_fd_on:contains('Test Tenant Wu')",
        },
        { content: "Open the home", trigger: ".o_fd_search input", run: "press Enter" },
        { content: "The phone is masked", trigger: ".o_fd_person:contains('138****2222')" },
        {
            content: "Something is being done already",
            trigger: ".o_fd_request:contains('The tap drips')",
        },
        {
            content: "That one is urged",
            trigger: ".o_fd_request button:contains('Urge')",
            run: "click",
        },
        { content: "It is counted", trigger: ".o_fd_request button:contains('(1)')" },
        {
            content: "This is something else",
            trigger: ".o_fd_what",
            run: "edit The door bell is silent",
        },
        { content: "It is urgent", trigger: ".o_fd_what", ...press("F4") },
        { content: "Marked", trigger: ".o_fd_urgent.o_fd_chosen" },
        {
            content: "Who goes",
            trigger: ".o_fd_assignee",
            run() {
                const options = [...this.anchor.options];
                const engineer = options.find((one) => one.text.includes("staff.engineer"));
                this.anchor.value = engineer.value;
                this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        { content: "Raise it", trigger: ".o_fd_raise", ...press("F9") },
        {
            content: "The engineer was told",
            trigger: ".o_fd_raised p:contains('staff.engineer')",
        },
        { content: "Next caller", trigger: ".o_fd_raised", ...press("F9") },
        { content: "Who is calling?", trigger: ".o_fd_empty" },
    ],
});
