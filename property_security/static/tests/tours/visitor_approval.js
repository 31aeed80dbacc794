import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("property_security_approval", {
    steps: () => [
        {
            content: "Agree to what waits, on its card",
            trigger: ".o_kanban_record:contains('Painter Li') button:contains('Approve')",
            run: "click",
        },
        {
            content: "It waits no more; the other one does",
            trigger:
                ".o_kanban_view:has(.o_kanban_record:contains('Tiler Wu')):not(:has(.o_kanban_record:contains('Painter Li')))",
        },
    ],
});
