import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("property_security_visitor_pass", {
    steps: () => [
        { content: "A visitor is expected", trigger: ".op-hero", run: "click", expectUnloadPage: true },
        { content: "Who", trigger: "input[name=name]", run: "edit Aunt Zhao" },
        { content: "Tomorrow", trigger: "label:has(input[value=tomorrow])", run: "click" },
        { content: "By car", trigger: "input[name=plate]", run: "edit 浙a·12345" },
        {
            content: "Make it",
            trigger: ".o_property_visitor button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "The code is there to be sent", trigger: ".op-visitor-qr" },
        { content: "Copy the link", trigger: ".o_property_visitor_copy", run: "click" },
        { content: "It says so", trigger: ".o_property_visitor_note:not(:empty)" },
        { content: "She does not come after all", trigger: "details summary", run: "click" },
        {
            content: "Really",
            trigger: ".o_property_visitor_revoke",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "No code any more",
            trigger: ".o_property_visitor:not(:has(.op-visitor-qr)) .op-tag-plain",
        },
        {
            content: "Back to the list",
            trigger: ".breadcrumb a[href='/my/visitors']",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "The pass is on the list", trigger: ".op-card:contains(Aunt Zhao)" },
    ],
});
