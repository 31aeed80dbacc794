import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { time } from "@inspection_round/field/core/format";
import { useField } from "@inspection_round/field/core/use_field";

/** Taking over a post: what the colleague wrote, and the own signature or objection. */
export class TakePage extends Component {
    static template = "property_security.FieldTake";
    static props = { handoverId: Number };

    setup() {
        this.field = useField();
        this.state = useState({ isBusy: false });
        this.time = time;
    }

    get handover() {
        const { waiting = [] } = this.field.data("handover");
        return waiting.find((one) => one.id === this.props.handoverId);
    }

    async object() {
        const text = await this.field.confirm({
            title: _t("Take over with an objection"),
            body: _t("What is not as it is written? The manager sees it."),
            input: _t("Objection"),
            confirm: _t("Take over"),
            cancel: _t("Back"),
        });
        if (text) {
            await this.sign(text);
        }
    }

    async sign(text = "") {
        this.state.isBusy = true;
        const entry = await this.field.send("handover", {
            event: "take",
            handover: this.props.handoverId,
            text,
        });
        this.state.isBusy = false;
        if (entry) {
            this.field.feedback.good();
            this.field.toast(_t("You are on duty."), "good");
            this.field.back();
        }
    }
}
