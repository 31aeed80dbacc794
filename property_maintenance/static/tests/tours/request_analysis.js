import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("property_request_analysis", {
    steps: () => [
        {
            content: "The chart is there",
            trigger: ".o_graph_renderer canvas",
        },
        {
            content: "Look at the pivot",
            trigger: ".o_switch_view.o_pivot",
            run: "click",
        },
        {
            content: "Medians are measured",
            trigger: ".o_pivot th:contains('Finish (h, median)')",
        },
        {
            content: "The team has a row",
            trigger: ".o_pivot th:contains('Test Engineers')",
        },
        {
            content: "Go to the figures per person",
            trigger: "button[data-menu-xmlid='property_maintenance.menu_maintenance_reports']",
            run: "click",
        },
        {
            content: "Open them",
            trigger: "a[data-menu-xmlid='property_maintenance.menu_request_kpi']",
            run: "click",
        },
        {
            content: "The engineer has a line",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains('staff.engineer')",
        },
        {
            content: "The workbook is a click away",
            trigger: "button[name=action_export]",
        },
    ],
});
