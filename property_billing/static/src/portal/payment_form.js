import { PaymentForm } from "@payment/interactions/payment_form";
import { patch } from "@web/core/utils/patch";

patch(PaymentForm.prototype, {
    /**
     * Name the chosen bills; the server computes what they cost.
     *
     * @override
     */
    _prepareTransactionRouteParams() {
        const params = super._prepareTransactionRouteParams();
        const page = this.el.closest(".o_property_pay_page");
        if (page) {
            params.invoice_ids = page.dataset.invoiceIds.split(",").map(Number);
        }
        return params;
    },
});
