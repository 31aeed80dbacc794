/** Rounds on the phone: what they are made of, and what entries change in them. */

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { RoundsScreen } from "./rounds_screen";

function roundOf(data, payload) {
    return data.rounds?.rounds?.find((one) => one.id === payload.round);
}

function pointOf(round, payload) {
    return round?.checkpoints.find((one) => one.id === payload.checkpoint);
}

const subject = ({ round }) => `round ${round}`;

function begin(round, at) {
    if (["planned", "open"].includes(round.state)) {
        round.state = "running";
        round.started_at ||= at;
    }
}

registry.category("field_screens").add("rounds", {
    component: RoundsScreen,
    icon: "fa-map-signs",
    sequence: 10,
    badge: (field) =>
        (field.data("rounds").rounds || []).filter((one) => ["open", "running"].includes(one.state))
            .length,
});

registry.category("field_sync").add("checkin", {
    label(payload, field) {
        const point = pointOf(roundOf(field.state.view, payload), payload);
        return _t("Check-in: %(point)s", { point: point?.name || payload.checkpoint });
    },
    subject,
    apply(data, payload, { state }) {
        const round = roundOf(data, payload);
        const point = pointOf(round, payload);
        if (!point) {
            return;
        }
        point.checked_at ||= payload.at;
        point.pending = state === "done" ? "" : state;
        begin(round, payload.at);
    },
    onAnswer(answer, payload, field) {
        if (answer.flag_names?.length) {
            field.toast(_t("Recorded, with a mark: %(marks)s", { marks: answer.flag_names }), "warn");
        }
    },
});

registry.category("field_sync").add("round", {
    label(payload, field) {
        const name = roundOf(field.state.view, payload)?.route || payload.round;
        return payload.action === "finish"
            ? _t("Round finished: %(name)s", { name })
            : _t("Round begun: %(name)s", { name });
    },
    subject,
    apply(data, payload, { state }) {
        const round = roundOf(data, payload);
        if (!round) {
            return;
        }
        begin(round, payload.at);
        if (payload.action === "finish") {
            round.state = "done";
            round.finished_at ||= payload.at;
            round.pending = state === "done" ? "" : state;
        }
    },
});
