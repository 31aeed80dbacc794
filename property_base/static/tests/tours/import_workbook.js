import { registry } from "@web/core/registry";

async function upload(button) {
    const response = await fetch("/property_base/tests/ledger.xlsx");
    if (!response.ok) {
        throw new Error(`the workbook of the test was not served: ${response.status}`);
    }
    const transfer = new DataTransfer();
    transfer.items.add(new File([await response.blob()], "ledger.xlsx"));
    const input = button.closest("[name=file]").querySelector("input[type=file]");
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

registry.category("web_tour.tours").add("property_import_workbook", {
    steps: () => [
        {
            content: "A new import",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "Upload the workbook",
            trigger: ".o_field_widget[name=file] .o_select_file_button",
            async run({ anchor }) {
                await upload(anchor);
            },
        },
        {
            content: "Check it",
            trigger: ".o_statusbar_buttons button[name=action_check_queued]",
            run: "click",
        },
        {
            content: "The faulty row is listed with its sheet and row",
            trigger: ".o_field_widget[name=issue_ids] .o_data_row:contains('房产')",
        },
        {
            content: "It cannot be imported as it is",
            trigger: ".o_statusbar_buttons:not(:has(button[name=action_import_queued]))",
        },
        {
            content: "Take the good rows",
            trigger: ".o_field_widget[name=skip_faulty] input",
            run: "click",
        },
        {
            content: "Import",
            trigger: ".o_statusbar_buttons button[name=action_import_queued]",
            run: "click",
        },
        {
            content: "Yes, now",
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "Imported",
            trigger: ".o_statusbar_status button[data-value=imported].o_arrow_button_current",
        },
        {
            content: "Look at the site",
            trigger: "button[name=action_view_site]",
            run: "click",
        },
        {
            content: "It is the own site",
            trigger: ".o_form_view .o_field_widget[name=name] input:value('Test Garden')",
        },
    ],
});
