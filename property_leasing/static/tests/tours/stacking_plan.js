import { registry } from "@web/core/registry";

/** What a date input does once a whole day is chosen in it. */
function chooseDay(day) {
    return ({ anchor }) => {
        anchor.value = day;
        anchor.dispatchEvent(new Event("change", { bubbles: true }));
    };
}

registry.category("web_tour.tours").add("property_stacking_plan", {
    steps: () => [
        {
            content: "The shop is let",
            trigger: ".o_stacking_tile.o_stacking_leased:contains('Cafe Lin')",
        },
        {
            content: "Look at a later day",
            trigger: ".o_stacking_day",
            run: chooseDay("2027-07-01"),
        },
        {
            content: "By then it is free",
            trigger: ".o_stacking_tile.o_stacking_vacant:contains('S01')",
        },
        {
            content: "Colour by expiry",
            trigger: ".o_stacking_mode_expiry",
            run: "click",
        },
        {
            content: "Nothing is let",
            trigger: ".o_stacking_tile.o_stacking_none:contains('S01')",
        },
        {
            content: "Back to the day it is let",
            trigger: ".o_stacking_day",
            run: chooseDay("2026-09-15"),
        },
        {
            content: "It ends in the year after",
            trigger: ".o_stacking_tile.o_stacking_year1:contains('S01')",
        },
        {
            content: "Along the months",
            trigger: ".o_stacking_view_timeline",
            run: "click",
        },
        {
            content: "The lease is a bar",
            trigger: ".o_timeline_bar.o_timeline_lease:contains('Cafe Lin')",
        },
        {
            content: "Back to the plan",
            trigger: ".o_stacking_view_plan",
            run: "click",
        },
        {
            content: "Open the vacant shop",
            trigger: ".o_stacking_tile:contains('S02')",
            run: "click",
        },
        {
            content: "Its form is there",
            trigger: ".o_form_view .o_field_widget[name=unit_id]",
        },
    ],
});
