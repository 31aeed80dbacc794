import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("property_meter_entry", {
    steps: () => [
        {
            content: "The meter shows its place and what was read before",
            trigger: ".o_meter_entry_row:contains('3-1-1502'):contains('17') .o_meter_entry_value",
            run: "edit 1O",
        },
        {
            content: "What is no number is refused on the spot",
            trigger: ".o_meter_entry_value",
            run: "press Enter",
        },
        {
            content: "Type the reading, with full-width digits as an input method gives them",
            trigger: ".o_meter_entry_value.is-invalid",
            run: "edit ３１",
        },
        {
            content: "Enter saves it and goes to the next meter",
            trigger: ".o_meter_entry_value",
            run: "press Enter",
        },
        {
            content: "The consumption is there at once",
            trigger: ".o_meter_entry_row.o_meter_entry_done .o_meter_entry_result:contains('14')",
        },
        {
            content: "The round knows how far it is",
            trigger: ".o_meter_entry_count:contains('1 / 1')",
        },
    ],
});
