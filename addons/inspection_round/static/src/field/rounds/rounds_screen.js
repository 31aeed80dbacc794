import { Component, onMounted } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { span } from "../core/format";
import { useField } from "../core/use_field";
import { checkIn } from "./check_in";
import { doneCount, nextPoint, pointIn, roundWith } from "./points";
import { RoundPage } from "./round_page";
import { STATES } from "./states";

const ORDER = ["running", "open", "incomplete", "planned", "missed", "done", "cancelled"];

/** Today's rounds of the employee. */
export class RoundsScreen extends Component {
    static template = "inspection_round.FieldRounds";
    static props = {};

    setup() {
        this.field = useField();
        Object.assign(this, { doneCount, nextPoint, span, STATES });
        onMounted(() => this.openCode());
    }

    get rounds() {
        const rounds = [...(this.field.data("rounds").rounds || [])];
        const rank = (round) => ORDER.indexOf(round.state);
        return rounds.sort(
            (one, other) =>
                rank(one) - rank(other) || one.planned_at.localeCompare(other.planned_at)
        );
    }

    next(round) {
        return _t("Next: %(point)s", { point: nextPoint(round).name });
    }

    open(round) {
        this.field.open(RoundPage, { roundId: round.id }, round.route);
    }

    async scan() {
        const found = await this.field.scan(_t("Hold the camera at the label of the checkpoint"));
        if (found) {
            await this.follow(found);
        }
    }

    /** Go on with the label that was scanned with the phone's own camera to open the app. */
    async openCode() {
        const code = this.field.state.openedCode;
        if (code) {
            this.field.state.openedCode = "";
            await this.follow({ code, method: "qr" });
        }
    }

    async follow(found) {
        const round = roundWith(this.rounds, found);
        if (!round) {
            this.field.feedback.bad();
            this.field.toast(_t("None of your rounds of today has this checkpoint."), "bad");
            return;
        }
        this.open(round);
        await checkIn(this.field, round, pointIn(round, found), found);
    }
}
