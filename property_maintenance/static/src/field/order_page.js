import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { time } from "@inspection_round/field/core/format";
import { useField } from "@inspection_round/field/core/use_field";
import { call } from "./call";
import { FinishPage } from "./finish_page";
import { STEPS, eventName, eventsOf } from "./steps";

/** One order: what it is about, whom to call, and the next step. */
export class OrderPage extends Component {
    static template = "property_maintenance.FieldOrder";
    static props = { orderId: Number };

    setup() {
        this.field = useField();
        this.state = useState({ isBusy: false });
        Object.assign(this, { time, STEPS, eventName });
    }

    get order() {
        const { orders = [], pool = [] } = this.field.data("orders");
        return [...orders, ...pool].find((one) => one.id === this.props.orderId);
    }

    get events() {
        return eventsOf(this.order);
    }

    get mayQuote() {
        const { step, quotation, may_quote } = this.order;
        return may_quote && ["accepted", "on_site"].includes(step) && quotation !== "sent";
    }

    get quotation() {
        return {
            sent: _t("The quotation waits for the resident's answer"),
            accepted: _t("The quotation is accepted"),
            declined: _t("The quotation is declined"),
        }[this.order.quotation];
    }

    call() {
        return call(this.field, { request: this.order.id });
    }

    async act(event) {
        if (event === "done") {
            this.finish("done");
            return;
        }
        const payload = { request: this.order.id, event };
        if (["reject", "pause"].includes(event)) {
            payload.reason = await this.field.confirm({
                title: eventName(event),
                body:
                    event === "pause"
                        ? _t("The clock stops. Say what you are waiting for.")
                        : _t("The order goes back to the desk. Say why."),
                input: _t("Reason"),
                confirm: eventName(event),
                cancel: _t("Back"),
            });
            if (!payload.reason) {
                return;
            }
        }
        this.state.isBusy = true;
        const entry = await this.field.send("request_step", payload);
        this.state.isBusy = false;
        if (entry) {
            this.field.feedback.good();
            this.field.toast(eventName(event), "good");
            if (event === "reject") {
                this.field.back();
            }
        }
    }

    finish(event) {
        this.field.open(
            FinishPage,
            { orderId: this.order.id, event },
            event === "done" ? _t("Finish the order") : _t("Quotation")
        );
    }
}
