import { registry } from "@web/core/registry";
import { pick } from "@property_base/../tests/tours/pick";

const tours = registry.category("web_tour.tours");

const fill = (field, text) => ({
    content: `Enter ${field}`,
    trigger: `.o_field_widget[name=${field}] :is(input, textarea)`,
    run: `edit ${text}`,
});

const create = {
    content: "A new one",
    trigger: ".o_list_view .o_list_button_add",
    run: "click",
};

const submit = (effect) => [
    { content: "Ask", trigger: ".o_statusbar_buttons button[name=action_submit]", run: "click" },
    {
        content: "The effect is shown",
        trigger: `.o_form_view .alert .o_field_widget[name=impact_text]:contains('${effect}')`,
    },
];

/** Open what waits in the list, approve it. */
const approve = (effect) => [
    {
        content: "Open what waits",
        trigger: ".o_data_row:has(.text-bg-warning) td[name=name], .o_data_row td[name=name]",
        run: "click",
    },
    {
        content: "The effect is shown",
        trigger: `.o_form_view .alert .o_field_widget[name=impact_text]:contains('${effect}')`,
    },
    {
        content: "Approve",
        trigger: ".o_statusbar_buttons button[name=action_approve]",
        run: "click",
    },
    { content: "Yes", trigger: ".modal .modal-footer .btn-primary", run: "click" },
    {
        content: "Approved",
        trigger: ".o_statusbar_status button[data-value=approved].o_arrow_button_current",
    },
];

tours.add("property_waiver_asked", {
    steps: () => [
        create,
        ...pick("site_id", "Test Garden"),
        fill("reason", "Leak in the roof"),
        ...pick("unit_id", "3-1-1502"),
        { content: "Its late bill is there", trigger: ".o_field_widget[name=bill_ids] .o_data_row" },
        ...submit("-4.95"),
    ],
});
tours.add("property_waiver_approved", { steps: () => approve("-4.95") });

tours.add("property_write_off_asked", {
    steps: () => [
        create,
        ...pick("site_id", "Test Garden"),
        fill("reason", "Company dissolved"),
        fill("legal_basis", "Civil Code 188"),
        {
            content: "Add a bill",
            trigger: ".o_field_widget[name=bill_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "Choose it",
            trigger: ".modal .o_data_row:contains('300.00') .o_list_record_selector input",
            run: "click",
        },
        { content: "Take it", trigger: ".modal .o_select_button:not([disabled])", run: "click" },
        {
            content: "It is in the list",
            trigger: ".o_form_view .o_field_widget[name=bill_ids] .o_data_row:contains('300.00')",
        },
        ...submit("-300.00"),
    ],
});
tours.add("property_write_off_approved", {
    steps: () => [
        ...approve("-300.00"),
        {
            content: "The debtor pays after all",
            trigger: ".o_statusbar_buttons button[name=action_request_undo]",
            run: "click",
        },
        {
            content: "What it undoes is filled in",
            trigger: ".o_field_widget[name=amount]:contains('300.00')",
        },
        fill("reason", "The debtor pays after all"),
        ...submit("300.00"),
    ],
});
tours.add("property_undo_approved", { steps: () => approve("300.00") });

tours.add("property_campaign_asked", {
    steps: () => [
        create,
        fill("name", "Pay a year early"),
        {
            content: "Months for months",
            trigger: ".o_field_widget[name=kind] input[data-value=months]",
            run: "click",
        },
        { content: "Open the last day", trigger: ".o_field_widget[name=date_to] :is(input, button)", run: "click" },
        {
            content: "Enter the last day",
            trigger: ".o_field_widget[name=date_to] input",
            run: "edit 2026-12-31 && press Enter",
        },
        ...pick("site_id", "Test Garden"),
        ...pick("item_ids", "Item WYF"),
        ...submit("0.00"),
    ],
});
tours.add("property_campaign_approved", {
    steps: () => [
        ...approve("0.00"),
        {
            content: "Not for longer",
            trigger: ".o_statusbar_buttons button[name=action_stop]",
            run: "click",
        },
        { content: "Yes", trigger: ".modal .modal-footer .btn-primary", run: "click" },
        { content: "Ended", trigger: ".o_form_view .ribbon:contains('Ended')" },
    ],
});
