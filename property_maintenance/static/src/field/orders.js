/** Orders in the field app: what they show, and what entries change in them. */

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { OrdersScreen } from "./orders_screen";
import { RegisterScreen } from "./register_screen";
import { applyStep, eventName } from "./steps";

function orderOf(data, payload) {
    const { orders = [], pool = [] } = data.orders || {};
    return [...orders, ...pool].find((one) => one.id === payload.request);
}

/** Put an order where it belongs after a step: a taken one is mine, a rejected one is not. */
function move(data, order, event) {
    if (event === "take") {
        // it is mine already where the server took the step and the answer was lost
        data.orders.pool = data.orders.pool.filter((one) => one !== order);
        data.orders.orders = [order, ...data.orders.orders.filter((one) => one !== order)];
    } else if (event === "reject") {
        data.orders.orders = data.orders.orders.filter((one) => one !== order);
    }
}

registry.category("field_screens").add("orders", {
    component: OrdersScreen,
    icon: "fa-wrench",
    sequence: 5,
    badge: (field) =>
        (field.data("orders").orders || []).filter((one) =>
            ["assigned", "accepted", "on_site"].includes(one.step)
        ).length,
});

registry.category("field_screens").add("register", {
    component: RegisterScreen,
    icon: "fa-address-book-o",
    sequence: 60,
});

registry.category("field_sync").add("request_step", {
    label(payload, field) {
        const order = orderOf(field.state.view, payload);
        return _t("%(event)s: %(order)s", {
            event: eventName(payload.event),
            order: order?.name || payload.request,
        });
    },
    subject: ({ request }) => `order ${request}`,
    apply(data, payload, { state }) {
        const order = orderOf(data, payload);
        if (!order) {
            return;
        }
        order.pending = state === "done" ? "" : state;
        if (state !== "failed") {
            applyStep(order, payload);
            move(data, order, payload.event);
        }
    },
});

registry.category("field_sync").add("request_new", {
    label(payload) {
        return _t("New request: %(text)s", { text: payload.text.slice(0, 30) });
    },
    onAnswer(answer, payload, field) {
        if (answer.number) {
            field.toast(_t("Raised as %(number)s", { number: answer.number }), "good");
        }
    },
});
