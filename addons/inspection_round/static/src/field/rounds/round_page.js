import { Component, onWillDestroy, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { allKeys } from "../core/database";
import { span, time } from "../core/format";
import { hasNfc, readTags } from "../core/nfc";
import { useField } from "../core/use_field";
import { checkIn } from "./check_in";
import { doneCount, draftKey, nextPoint, pointIn } from "./points";
import { STATES } from "./states";

/** One round: its checkpoints in order. */
export class RoundPage extends Component {
    static template = "inspection_round.FieldRound";
    static props = { roundId: Number };

    setup() {
        this.field = useField();
        Object.assign(this, { doneCount, nextPoint, span, time, STATES, hasNfc: hasNfc() });
        this.state = useState({ drafts: [], isReading: false });
        this.field.position.start();
        onWillStart(async () => {
            this.state.drafts = await allKeys("drafts");
        });
        onWillDestroy(() => {
            this.field.position.stop();
            this.stopReading?.();
        });
    }

    get round() {
        const rounds = this.field.data("rounds").rounds || [];
        return rounds.find((one) => one.id === this.props.roundId);
    }

    get isOver() {
        return ["done", "cancelled"].includes(this.round.state);
    }

    hasDraft(point) {
        return this.state.drafts.includes(this.field.draftKey(draftKey(this.round, point)));
    }

    async scan() {
        const found = await this.field.scan(_t("Hold the camera at the label of the checkpoint"));
        if (found) {
            await this.follow(found);
        }
    }

    async follow(found) {
        const point = pointIn(this.round, found);
        if (!point) {
            this.field.feedback.bad();
            this.field.toast(_t("This is no checkpoint of this round."), "bad");
            return;
        }
        await checkIn(this.field, this.round, point, found);
    }

    async readNfc() {
        try {
            this.stopReading = await readTags((nfc) => {
                this.field.feedback.good();
                this.follow({ nfc, method: "nfc" });
            });
            this.state.isReading = true;
        } catch (error) {
            this.field.toast(_t("NFC does not work: %(error)s", { error: error.message }), "bad");
        }
    }

    /** Go on by hand: the label is torn off, the camera is broken. */
    async touch(point) {
        if (!this.isOver) {
            await checkIn(this.field, this.round, point, { method: "manual" });
        }
    }

    async finish() {
        const missing = this.round.checkpoints.length - doneCount(this.round);
        const unsent = this.field.queue.length;
        let note = "";
        if (missing) {
            note = await this.field.confirm({
                title: _t("%(count)s checkpoints are not done", { count: missing }),
                body: _t("The round ends incomplete. Say why."),
                input: _t("Reason"),
                confirm: _t("End the round"),
                cancel: _t("Go on"),
            });
            if (!note) {
                return;
            }
        }
        const payload = { round: this.round.id, action: "finish", unsent, note };
        if (!(await this.field.send("round", payload))) {
            return;
        }
        this.field.feedback.good();
        if (unsent) {
            await this.field.confirm({
                title: _t("Round finished"),
                body: _t(
                    "%(count)s entries are still on this phone. They go out by themselves when there is a network; do not clear the browser's data before.",
                    { count: unsent }
                ),
                confirm: _t("Understood"),
            });
        }
        this.field.back();
    }
}
