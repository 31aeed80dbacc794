import { registry } from "@web/core/registry";

async function photo() {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 32;
    canvas.getContext("2d").fillRect(0, 0, 16, 32);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg"));
    return new File([blob], "tap.jpg", { type: "image/jpeg" });
}

registry.category("web_tour.tours").add("property_request_raised", {
    steps: () => [
        {
            content: "Report something",
            trigger: ".op-hero",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is about cleaning",
            trigger: ".op-choices label:contains('Cleaning')",
            run: "click",
        },
        {
            content: "Say what is the matter",
            trigger: "textarea[name=description]",
            run: "edit The lobby is dirty",
        },
        {
            content: "Add a photo",
            trigger: ".o_property_photos_input:not(:visible)",
            async run() {
                const transfer = new DataTransfer();
                transfer.items.add(await photo());
                this.anchor.files = transfer.files;
                this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        { content: "The photo is shown", trigger: ".o_property_photos_shown .op-photo img" },
        {
            content: "Add another one",
            trigger: ".o_property_photos_input:not(:visible)",
            async run() {
                const transfer = new DataTransfer();
                transfer.items.add(await photo());
                this.anchor.files = transfer.files;
                this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            content: "Take the second one away",
            trigger: ".op-photo:nth-child(2) .o_property_photo_drop",
            run: "click",
        },
        {
            content: "One is left",
            trigger: ".o_property_photos:not(:has(.op-photo:nth-child(2)))",
        },
        { content: "It is urgent", trigger: "input[name=is_urgent]", run: "click" },
        {
            content: "Send",
            trigger: ".o_property_new_request button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "They have it", trigger: ".o_property_raised" },
        { content: "With the photo", trigger: ".o_property_request .op-photo img" },
        { content: "Urgent", trigger: ".op-tag-due:contains('Urgent')" },
        {
            content: "Hurry",
            trigger: ".o_property_step_urge button",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "It was said once", trigger: ".o_property_step_urge button:contains('(1)')" },
    ],
});

registry.category("web_tour.tours").add("property_request_rated", {
    steps: () => [
        {
            content: "Open what waits for me",
            trigger: ".op-request:contains('Please confirm and rate')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The engineer is named",
            trigger: ".op-timeline:contains('staff.engineer')",
        },
        { content: "Fast", trigger: ".op-stars label:has(input[name=speed][value='5'])", run: "click" },
        { content: "Good", trigger: ".op-stars label:has(input[name=quality][value='4'])", run: "click" },
        { content: "Friendly", trigger: ".op-stars label:has(input[name=attitude][value='5'])", run: "click" },
        { content: "Thanks", trigger: "textarea[name=comment]", run: "edit Thank you" },
        {
            content: "Send the rating",
            trigger: ".o_property_step_rate button",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "It is rated", trigger: ".op-tag-ok:contains('Rated')" },
        { content: "It can come back", trigger: ".o_property_reopen summary" },
    ],
});

registry.category("web_tour.tours").add("property_request_quotation", {
    steps: () => [
        {
            content: "A quotation waits",
            trigger: ".op-request:contains('A quotation waits')",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "The amount", trigger: ".op-quotation-total:contains('80.00')" },
        {
            content: "Accept",
            trigger: ".o_property_step_accept button",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "It is accepted", trigger: ".op-tag-ok:contains('Agreed')" },
    ],
});
