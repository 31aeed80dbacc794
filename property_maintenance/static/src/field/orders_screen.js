import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { time } from "@inspection_round/field/core/format";
import { useField } from "@inspection_round/field/core/use_field";
import { NewRequestPage } from "./new_request_page";
import { OrderPage } from "./order_page";
import { STEPS } from "./steps";

/** The engineer's orders, and the pool from which the first who takes one has it. */
export class OrdersScreen extends Component {
    static template = "property_maintenance.FieldOrders";
    static props = {};

    setup() {
        this.field = useField();
        this.state = useState({ part: "orders" });
        Object.assign(this, { time, STEPS });
    }

    get parts() {
        const { orders = [], pool = [] } = this.field.data("orders");
        const isOver = (one) => !["new", "assigned", "accepted", "on_site"].includes(one.step);
        return [
            { key: "orders", name: _t("Mine"), list: orders.filter((one) => !isOver(one)) },
            { key: "pool", name: _t("Pool"), list: pool },
            { key: "over", name: _t("Done"), list: orders.filter(isOver) },
        ];
    }

    get list() {
        return this.parts.find((part) => part.key === this.state.part).list;
    }

    isLate(order) {
        return order.due_at && !order.is_paused && new Date(order.due_at) < new Date();
    }

    open(order) {
        this.field.open(OrderPage, { orderId: order.id }, order.number);
    }

    raise() {
        this.field.open(NewRequestPage, {}, _t("New request"));
    }
}
