import { Component, onWillDestroy, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useField } from "../core/use_field";
import { Question } from "./question";
import { MeScreen } from "./me_screen";
import { QueueScreen } from "./queue_screen";
import { Scanner } from "./scanner";
import { SignInScreen } from "./sign_in_screen";

const MOST = 4; // tabs of screens; the others are reached from "Me"

export class FieldApp extends Component {
    static template = "inspection_round.FieldApp";
    static components = { Question, Scanner, SignInScreen };
    static props = {};

    setup() {
        this.field = useField();
        this.clock = useState({ now: Date.now() });
        const timer = setInterval(() => (this.clock.now = Date.now()), 30000);
        onWillDestroy(() => clearInterval(timer));
    }

    get tabs() {
        const screens = this.field.tabs.slice(0, MOST).map((tab) => ({
            ...tab,
            count: tab.badge?.(this.field) || 0,
        }));
        return [
            ...screens,
            {
                key: "queue",
                title: _t("Unsent"),
                icon: "fa-cloud-upload",
                count: this.field.queue.length,
            },
            { key: "me", title: _t("Me"), icon: "fa-user", count: 0 },
        ];
    }

    get page() {
        const { stack, tab } = this.field.state;
        if (stack.length) {
            return stack[stack.length - 1];
        }
        const own = { queue: QueueScreen, me: MeScreen };
        const found = this.field.tabs.find((one) => one.key === tab);
        const title = this.tabs.find((one) => one.key === tab)?.title || found?.title || "";
        return { component: found?.component || own[tab] || MeScreen, props: {}, title, key: tab };
    }

    /** What the chip in the corner says: the first that is true. */
    get status() {
        const { state } = this.field;
        const count = this.field.queue.length;
        if (count) {
            const text = _t("%(count)s not sent", { count });
            const isFailed = this.field.queue.some((entry) => entry.state === "failed");
            const icon = state.isSending ? "fa-refresh fa-spin" : "fa-cloud-upload";
            return { text, icon, kind: isFailed ? "bad" : "warn" };
        }
        if (!state.isOnline) {
            return { text: _t("Offline"), icon: "fa-plane", kind: "warn" };
        }
        return { text: _t("All sent"), icon: "fa-check", kind: "good" };
    }
}
