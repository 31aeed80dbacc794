/** Visitors in the field app: what entries change in what the phone keeps. */

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { VisitorsScreen } from "./visitors_screen";

function passOf(data, payload) {
    return data.visitors?.passes.find((one) => one.id === payload.pass);
}

function enter(data, payload, state) {
    const one = passOf(data, payload);
    if (one) {
        one.used++;
    } else if (payload.action === "in" && payload.thin) {
        // made after the last reading: what its code said is remembered with its use
        data.visitors.passes.push({ ...payload.thin, name: _t("Guest"), unit: "", used: 1 });
    }
    const { name, unit, plate, kind, site } = one || payload;
    data.visitors.visits.unshift({
        ...{ uuid: payload.uuid, pass: payload.pass || null, entered_at: payload.at },
        ...{ name: name || _t("Guest"), unit: unit || "", plate: plate || "", kind, site },
        due_at: one?.to || null,
        pending: state,
    });
}

function tellProblem(answer, payload, field) {
    if (answer.problem) {
        field.toast(_t("Recorded, with a mark: %(mark)s", { mark: answer.problem }), "warn");
    }
}

registry.category("field_screens").add("visitors", {
    component: VisitorsScreen,
    icon: "fa-id-badge",
    sequence: 15,
    badge: (field) => {
        const now = Date.now();
        const { visits = [] } = field.data("visitors");
        return visits.filter((one) => one.due_at && Date.parse(one.due_at) < now).length;
    },
});

registry.category("field_sync").add("visitor", {
    label(payload, field) {
        const { visits = [] } = field.state.view.visitors || {};
        const found = passOf(field.state.view, payload) || payload;
        if (payload.action === "out") {
            const visit = visits.find((one) => one.uuid === payload.visit);
            return _t("Left: %(name)s", { name: visit?.name || payload.name || "" });
        }
        return _t("Came in: %(name)s", { name: found.name || _t("Guest") });
    },
    subject: ({ visit, uuid }) => `visit ${visit || uuid}`,
    apply(data, payload, { state }) {
        if (!data.visitors || state === "failed") {
            return;
        }
        if (payload.action === "out") {
            data.visitors.visits = data.visitors.visits.filter((one) => one.uuid !== payload.visit);
        } else if (!data.visitors.visits.some((one) => one.uuid === payload.uuid)) {
            enter(data, payload, state === "done" ? "" : state);
        }
    },
    onAnswer: tellProblem,
});

registry.category("field_sync").add("item_release", {
    label(payload, field) {
        const { releases = [] } = field.state.view.visitors || {};
        const one = releases.find((release) => release.id === payload.release);
        return _t("Carried out: %(name)s", { name: one?.carrier || payload.carrier || "" });
    },
    apply(data, payload, { state }) {
        const one = data.visitors?.releases.find((release) => release.id === payload.release);
        if (one && state !== "failed") {
            one.used = 1;
            one.pending = state === "done" ? "" : state;
        }
    },
    onAnswer: tellProblem,
});
