import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { time } from "../core/format";
import { useField } from "../core/use_field";

const MANY = 8; // tries after which a person may see to it

/** What is not sent, and what a person can do about each. */
export class QueueScreen extends Component {
    static template = "inspection_round.FieldQueue";
    static props = {};

    setup() {
        this.field = useField();
        this.MANY = MANY;
    }

    tries(entry) {
        return _t("Tried %(count)s times; goes on by itself.", { count: entry.tries });
    }

    title(entry) {
        return this.field.work.label(entry);
    }

    at(entry) {
        return time(JSON.parse(entry.payload).at);
    }

    async handOver(entry) {
        const reason = await this.field.confirm({
            title: _t("Hand over"),
            body: _t("A manager gets the entry with its photos and decides. Say what happened."),
            input: _t("What happened"),
            confirm: _t("Hand over"),
            cancel: _t("Keep it here"),
        });
        if (reason) {
            const told = [reason, entry.error].filter(Boolean).join(" · ");
            await this.field.handOver(entry, told);
        }
    }
}
