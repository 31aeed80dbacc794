import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";
import { pick } from "@property_base/../tests/tours/pick";

async function answerOfTheBank() {
    const lines = await rpc("/web/dataset/call_kw/property.bank.collection.line/search_read", {
        model: "property.bank.collection.line",
        method: "search_read",
        args: [[["result", "=", "pending"]], ["sequence", "agreement", "amount"]],
        kwargs: { order: "sequence" },
    });
    const rows = [["序号", "协议号", "金额", "扣款结果", "失败原因"]];
    let total = 0;
    for (const line of lines) {
        const failed = line.sequence === 1;
        total += line.amount;
        rows.push([
            line.sequence,
            line.agreement,
            line.amount.toFixed(2),
            failed ? "失败" : "成功",
            failed ? "余额不足" : "",
        ]);
    }
    rows.push(["合计", lines.length, total.toFixed(2), "", ""]);
    // The mark at the start says that this text is UTF-8.
    const text = "\ufeff" + rows.map((row) => row.join(",")).join("\r\n");
    return new File([text], "answer.csv", { type: "text/csv" });
}

registry.category("web_tour.tours").add("property_bank_collection", {
    steps: () => [
        ...stepUtils.goToAppSteps("property_base.menu_property_root", "Open Property"),
        {
            content: "Open Collection",
            trigger: "[data-menu-xmlid='property_billing.menu_collection']",
            run: "click",
        },
        {
            content: "Open Bank Collections",
            trigger: "[data-menu-xmlid='property_billing.menu_bank_collection']",
            run: "click",
        },
        { content: "A new batch", trigger: ".o_list_button_add", run: "click" },
        {
            content: "It has no number and nothing to cancel yet",
            trigger: ".o_form_view:not(:has(.oe_title)):not(:has(button[name=action_cancel]))",
        },
        ...pick("site_id", "Test Garden"),
        ...pick("journal_id", "Tour Bank"),
        { content: "Collect", trigger: "button[name=action_collect]", run: "click" },
        {
            content: "Every household is there",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:nth-child(3)",
        },
        { content: "Export", trigger: "button[name=action_export_csv]:contains('Export')", run: "click" },
        {
            content: "It is with the bank",
            trigger: ".o_statusbar_status button[data-value=exported].o_arrow_button_current",
        },
        { content: "Look at the files", trigger: ".o_notebook a[name=files]", run: "click" },
        {
            content: "What was sent can be had again",
            trigger: ".o_field_widget[name=file_ids] .o_data_row a.o_form_uri:contains('.csv')",
        },
        { content: "Back to the lines", trigger: ".o_notebook a[name=lines]", run: "click" },
        {
            content: "Import",
            trigger: ".o_statusbar_buttons button:contains('Import Results')",
            run: "click",
        },
        {
            content: "Choose the answer",
            trigger: ".modal .o_field_widget[name=file]",
            async run() {
                const input = this.anchor.querySelector("input[type=file]");
                const transfer = new DataTransfer();
                transfer.items.add(await answerOfTheBank());
                input.files = transfer.files;
                input.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            content: "It is uploaded",
            trigger: ".modal .o_field_widget[name=file] button.o_clear_file_button",
        },
        { content: "Take it in", trigger: ".modal button[name=action_import]", run: "click" },
        {
            content: "The bank refused one",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains('余额不足') .badge:contains('Failed')",
        },
        { content: "Post", trigger: "button[name=action_post]", run: "click" },
        {
            content: "It is done",
            trigger: ".o_statusbar_status button[data-value=done].o_arrow_button_current",
        },
    ],
});
