import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";
import { pick } from "@property_base/../tests/tours/pick";

const openCollection = (menu) => [
    ...stepUtils.goToAppSteps("property_base.menu_property_root", "Open Property"),
    {
        content: "Open Collection",
        trigger: "[data-menu-xmlid='property_billing.menu_collection']",
        run: "click",
    },
    {
        content: "Open the screen",
        trigger: `[data-menu-xmlid='property_billing.${menu}']`,
        run: "click",
    },
];

registry.category("web_tour.tours").add("property_prepayment_receive", {
    steps: () => [
        ...openCollection("menu_prepayment_receive"),
        ...pick("unit_id", "3-1-1502"),
        {
            content: "The owner pays",
            trigger: ".modal .o_field_widget[name=partner_id] input:value('Test Owner Li')",
        },
        {
            content: "Enter the amount",
            trigger: ".modal .o_field_widget[name=amount] input",
            run: "edit 1000",
        },
        {
            content: "Receive it",
            trigger: ".modal footer button[name=action_confirm]",
            run: "click",
        },
        {
            content: "It is kept for the household",
            trigger: "body:not(:has(.modal)) .o_form_view .o_field_widget[name=amount_left]:contains('1,000.00')",
        },
        {
            content: "The statement begins with it",
            trigger: ".o_field_widget[name=statement_html] tbody tr:contains('1,000.00')",
        },
    ],
});

registry.category("web_tour.tours").add("property_prepayment_applied", {
    steps: () => [
        ...openCollection("menu_prepayment"),
        {
            content: "Open the prepayment: the run has used it",
            trigger: ".o_data_row:contains('3-1-1502'):contains('700.00') td[name=name]",
            run: "click",
        },
        {
            content: "The statement names the bill",
            trigger: ".o_field_widget[name=statement_html] tbody tr:contains('Item WYF'):contains('300.00')",
        },
        {
            content: "700 are left",
            trigger: ".o_field_widget[name=amount_left]:contains('700.00')",
        },
    ],
});

registry.category("web_tour.tours").add("property_deposit_cashier", {
    steps: () => [
        ...openCollection("menu_deposit_receive"),
        ...pick("unit_id", "3-1-1502"),
        ...pick("type_id", "Decoration"),
        {
            content: "The usual amount is proposed",
            trigger: ".modal .o_field_widget[name=amount] input:value('2,000.00')",
        },
        {
            content: "Receive it",
            trigger: ".modal footer button[name=action_confirm]",
            run: "click",
        },
        {
            content: "It is held",
            trigger: "body:not(:has(.modal)) .o_statusbar_status button[data-value=held].o_arrow_button_current",
        },
        {
            content: "Ask for a deduction",
            trigger: ".o_statusbar_buttons button[name=action_request]",
            run: "click",
        },
        {
            content: "Deduct",
            trigger: ".o_field_widget[name=kind] input[data-value=deduct]",
            run: "click",
        },
        {
            content: "Enter the amount",
            trigger: ".o_field_widget[name=amount] input",
            run: "edit 350",
        },
        ...pick("item_id", "WX", "Item WX"),
        {
            content: "Say why",
            trigger: ".o_field_widget[name=reason] textarea",
            run: "edit Broken tiles in the lobby",
        },
        {
            content: "Submit",
            trigger: ".o_statusbar_buttons button[name=action_submit]",
            run: "click",
        },
        {
            content: "Somebody else has to approve",
            trigger: ".o_statusbar_status button[data-value=submitted].o_arrow_button_current",
        },
    ],
});

registry.category("web_tour.tours").add("property_deposit_finance", {
    steps: () => [
        ...stepUtils.goToAppSteps("property_base.menu_property_root", "Open Property"),
        {
            content: "Open Requests",
            trigger: "[data-menu-xmlid='property_billing.menu_requests']",
            run: "click",
        },
        {
            content: "Open the refunds",
            trigger: "[data-menu-xmlid='property_billing.menu_refund']",
            run: "click",
        },
        {
            content: "Open the request",
            trigger: ".o_data_row:contains('350.00') td[name=kind]",
            run: "click",
        },
        {
            content: "See the effect",
            trigger: ".o_field_widget[name=impact_text]:contains('350.00')",
        },
        {
            content: "Approve",
            trigger: ".o_statusbar_buttons button[name=action_approve]",
            run: "click",
        },
        {
            content: "Approved",
            trigger: ".o_statusbar_status button[data-value=approved].o_arrow_button_current",
        },
        {
            content: "Open the deposit",
            trigger: ".o_field_widget[name=deposit_id] a",
            run: "click",
        },
        {
            content: "1,650 are left",
            trigger: ".o_field_widget[name=amount_left]:contains('1,650.00')",
        },
        {
            content: "Ask for the refund of the rest",
            trigger: ".o_statusbar_buttons button[name=action_request]",
            run: "click",
        },
        ...pick("journal_id", "Till"),
        {
            content: "Say why",
            trigger: ".o_field_widget[name=reason] textarea",
            run: "edit The works are done",
        },
        {
            content: "Submit",
            trigger: ".o_statusbar_buttons button[name=action_submit]",
            run: "click",
        },
        {
            content: "Waiting for somebody else",
            trigger: ".o_statusbar_status button[data-value=submitted].o_arrow_button_current",
        },
    ],
});

registry.category("web_tour.tours").add("property_settlement", {
    steps: () => [
        {
            content: "Transfer the household",
            trigger: ".o_statusbar_buttons button[name=action_transfer]:first",
            run: "click",
        },
        ...pick("partner_id", "Test Buyer", "Test Buyer Zhao"),
        {
            content: "The seller's open bills are shown",
            trigger: ".modal .o_field_widget[name=money_html]:contains('300.00')",
        },
        {
            content: "Confirm and settle",
            trigger: ".modal footer button[name=action_confirm_settle]",
            run: "click",
        },
        {
            content: "The settlement says what is to be done",
            trigger: "body:not(:has(.modal)) .o_form_view .o_field_widget[name=to_do]",
        },
        {
            content: "Make the final bills",
            trigger: ".o_statusbar_buttons button[name=action_bill]",
            run: "click",
        },
        {
            content: "Decide: they stay with the seller",
            trigger: ".o_form_view:has(.o_field_widget[name=billed_at]) .o_field_widget[name=arrears_decision] input[data-value=stay]",
            run: "click",
        },
        {
            content: "Submit",
            trigger: ".o_statusbar_buttons button[name=action_submit]",
            run: "click",
        },
        {
            content: "Waiting for approval",
            trigger: ".o_statusbar_status button[data-value=submitted].o_arrow_button_current",
        },
    ],
});
