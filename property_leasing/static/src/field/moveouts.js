/** Move-outs in the field app: the checklist of a space that is given back, and its meters. */

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useField } from "@inspection_round/field/core/use_field";
import { MoveoutPage } from "./moveout_page";

export class MoveoutsScreen extends Component {
    static template = "property_leasing.FieldMoveouts";
    static props = {};

    setup() {
        this.field = useField();
    }

    get list() {
        return this.field.data("moveouts").moveouts || [];
    }

    open(moveout) {
        this.field.open(MoveoutPage, { moveoutId: moveout.id }, moveout.brand);
    }
}

registry.category("field_screens").add("moveouts", {
    component: MoveoutsScreen,
    icon: "fa-sign-out",
    sequence: 50,
    badge: (field) => (field.data("moveouts").moveouts || []).filter((one) => !one.pending).length,
});

registry.category("field_sync").add("moveout", {
    label(payload, field) {
        const { moveouts = [] } = field.state.view.moveouts || {};
        const found = moveouts.find((one) => one.id === payload.moveout);
        return _t("Move-out %(name)s", { name: found?.brand || payload.moveout });
    },
    apply(data, payload, { state }) {
        const { moveouts = [] } = data.moveouts || {};
        const found = moveouts.find((one) => one.id === payload.moveout);
        if (found) {
            found.pending = state === "done" ? "" : state;
            if (state === "done") {
                data.moveouts.moveouts = moveouts.filter((one) => one !== found);
            }
        }
    },
});
