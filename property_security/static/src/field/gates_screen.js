import { Component, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { base64 } from "@inspection_round/field/core/bytes";
import { time } from "@inspection_round/field/core/format";
import { NoAnswer, ask } from "@inspection_round/field/core/http";
import { compress } from "@inspection_round/field/core/photo";
import { useField } from "@inspection_round/field/core/use_field";

const AGAIN = 5000; // ms between two looks at the gates

/** Cars that wait for the guard, and opening by hand. Nothing here is kept for later: a car waits. */
export class GatesScreen extends Component {
    static template = "property_security.FieldGates";
    static props = {};

    setup() {
        this.field = useField();
        this.time = time;
        this.state = useState({
            part: "waiting",
            now: { waiting: [], recent: [] },
            isOffline: false,
            isBusy: false,
            typed: {},
            gate: null,
            lane: null,
            kind: "",
            reason: "",
            plate: "",
            photoUrl: "",
        });
        this.look();
        onWillUnmount(() => {
            this.dropPhoto();
            this.isOver = true;
            browser.clearTimeout(this.timer);
        });
    }

    get known() {
        const { gates = [], reasons = [] } = this.field.data("gates");
        return { gates, reasons };
    }

    /** Look at the gates, and again in a moment. */
    async look() {
        await this.asked("/field/gates", undefined, (answer) => (this.state.now = answer));
        if (!this.isOver) {
            this.timer = browser.setTimeout(() => this.look(), AGAIN);
        }
    }

    /** Ask the server; say what is wrong in a sentence. */
    async asked(url, body, done) {
        try {
            const { status, answer } = await ask(url, body);
            this.state.isOffline = false;
            if (status === 200) {
                done(answer);
            } else if (body) {
                this.field.feedback.bad();
                this.field.toast(answer.error || _t("That did not work. Try again later."), "bad");
            }
        } catch (error) {
            if (!(error instanceof NoAnswer)) {
                throw error;
            }
            this.state.isOffline = true;
            if (body) {
                this.field.feedback.bad();
                this.field.toast(_t("There is no network: open the gate on the spot."), "bad");
            }
        }
    }

    async confirm(passage, plate) {
        this.state.isBusy = true;
        await this.asked("/field/gates/confirm", { passage: passage.id, plate }, (answer) => {
            this.state.now = answer;
            this.tell(answer.confirmed);
        });
        this.state.isBusy = false;
    }

    /** Say what became of a car: the right plate may be on a list, or its fee unpaid. */
    tell({ action, shown, reason }) {
        if (action === "open") {
            this.field.feedback.good();
            this.field.toast(_t("%(plate)s may pass", { plate: shown }), "good");
        } else {
            this.field.feedback.bad();
            this.field.toast(_t("%(plate)s may not pass: %(reason)s", { plate: shown, reason }), "bad");
        }
    }

    choose(gate) {
        const lane = gate.lanes.length === 1 ? gate.lanes[0].id : null;
        Object.assign(this.state, { gate, lane, kind: "", reason: "", plate: "" });
        this.dropPhoto();
    }

    /** Take a photo that goes with the opening; it is kept nowhere else. */
    async takePhoto(ev) {
        const [file] = ev.target.files;
        if (file) {
            this.photo = await compress(file);
            this.state.photoUrl = URL.createObjectURL(this.photo);
        }
    }

    dropPhoto() {
        URL.revokeObjectURL(this.state.photoUrl);
        this.photo = null;
        this.state.photoUrl = "";
    }

    get gap() {
        const { gate, lane, kind, reason } = this.state;
        if (gate.kind === "barrier" && !lane) {
            return _t("Choose the lane.");
        }
        return kind && reason.trim() ? "" : _t("Say why you open the gate.");
    }

    async open() {
        if (this.gap) {
            this.field.feedback.bad();
            this.field.toast(this.gap, "bad");
            return;
        }
        this.state.isBusy = true;
        const { gate, lane, kind, reason, plate } = this.state;
        const photo = this.photo ? base64(await this.photo.arrayBuffer()) : null;
        const body = { gate: gate.id, lane, kind, reason, plate, photo };
        await this.asked("/field/gates/open", body, () => {
            this.field.feedback.good();
            this.field.toast(_t("%(gate)s opens", { gate: gate.name }), "good");
            this.state.gate = null;
            this.dropPhoto();
        });
        this.state.isBusy = false;
    }
}
