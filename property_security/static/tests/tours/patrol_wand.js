import { registry } from "@web/core/registry";

const ROWS = [
    "设备号,卡号,打卡时间",
    "7,101,2026-03-02 11:01:00",
    "7,102,2026-03-02 11:05:00",
    "7,103,2026-03-02 11:09:00",
    "7,999,2026-03-02 11:12:00",
];

function chooseDay() {
    this.anchor.value = "2026-03-02";
    this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
}

registry.category("web_tour.tours").add("property_security_patrol_wand", {
    steps: () => [
        {
            content: "The site of the manager is chosen already",
            trigger: ".o_field_widget[name=site_id] input:value('Test Garden')",
        },
        {
            content: "Choose the file of the wand",
            trigger: ".o_field_widget[name=content]",
            run() {
                const input = document.querySelector(".o_field_widget[name=content] input[type=file]");
                const transfer = new DataTransfer();
                transfer.items.add(new File([ROWS.join("\r\n")], "wand.csv", { type: "text/csv" }));
                input.files = transfer.files;
                input.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            content: "It is chosen",
            trigger: ".o_field_widget[name=content] input:value('wand.csv')",
        },
        {
            content: "Read it",
            trigger: "button[name=action_read]",
            run: "click",
        },
        {
            content: "What has to be mended is told before anything counts",
            trigger: ".o_field_widget[name=faults]:contains('Card 999')",
        },
        {
            content: "Take it",
            trigger: "button[name=action_take]:contains('Take')",
            run: "click",
        },
        {
            content: "Three rows were taken",
            trigger: ".o_field_widget[name=taken_count]:contains('3')",
        },
        {
            content: "Open the patrols",
            trigger: "[data-menu-xmlid='property_security.menu_patrol']",
            run: "click",
        },
        {
            content: "Go to the heat table",
            trigger: "[data-menu-xmlid='property_security.menu_patrol_heat']",
            run: "click",
        },
        {
            content: "Look at that day, first to last",
            trigger: ".o_patrol_heat input[name=from]",
            run: chooseDay,
        },
        {
            content: "And its last day",
            trigger: ".o_patrol_heat input[name=to]",
            run: chooseDay,
        },
        {
            content: "The visit of the gate is warm at eleven",
            trigger: ".o_patrol_heat tbody tr:contains('Gate') td:nth-of-type(12):contains('1')",
            run: "click",
        },
        {
            content: "The cell opens the check-in",
            trigger: ".o_data_row:contains('Gate')",
        },
    ],
});
