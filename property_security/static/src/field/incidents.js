/** Incidents in the field app: the screen, and what entries change in what the phone keeps. */

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { IncidentsScreen } from "./incidents_screen";

function kept(data, id) {
    return (data.incidents?.incidents || []).find((one) => one.id === id);
}

/** Show a report that is not sent yet among the incidents. */
function addReport(data, payload, state) {
    const { types = [], sites = [], incidents } = data.incidents || {};
    const site = sites.find((one) => one.id === payload.site);
    const building = site?.buildings.find((one) => one.id === payload.building);
    incidents?.unshift({
        id: `new-${payload.at}`,
        code: "",
        name: payload.text.split("\n")[0],
        text: payload.text,
        type: types.find((one) => one.id === payload.type)?.name || "",
        severity: payload.severity || "2",
        site: site?.name || "",
        place: [building?.name, payload.room, payload.place].filter(Boolean).join(" "),
        state: "reported",
        occurred_at: payload.at,
        photos: payload.files.length,
        steps: [],
        pending: state,
    });
}

/** Change an incident as the server will when the entry arrives. */
function applyStep(incident, payload) {
    if (incident.state === "reported") {
        incident.state = "handling";
    }
    if (payload.event === "close") {
        incident.state = "closed";
    }
    const step = incident.steps.find((one) => one.id === payload.step);
    if (step) {
        Object.assign(step, { is_done: true, note: payload.text || step.note });
    } else if (payload.event === "note") {
        incident.steps.push({ id: 0, name: payload.text, is_done: true, note: "" });
    }
    incident.photos += payload.files?.length || 0;
}

registry.category("field_screens").add("incidents", {
    component: IncidentsScreen,
    icon: "fa-exclamation-triangle",
    sequence: 15,
    badge: (field) =>
        (field.data("incidents").incidents || []).filter((one) => one.state === "reported").length +
        (field.data("handover").waiting || []).length,
});

registry.category("field_sync").add("incident", {
    label(payload, field) {
        if (!payload.incident) {
            return _t("Incident: %(text)s", { text: payload.text.slice(0, 30) });
        }
        const incident = kept(field.state.view, payload.incident);
        return _t("Step of %(incident)s", { incident: incident?.code || payload.incident });
    },
    subject: ({ incident }) => incident && `incident ${incident}`,
    apply(data, payload, { state }) {
        if (!payload.incident) {
            addReport(data, payload, state === "done" ? "" : state);
            return;
        }
        const incident = kept(data, payload.incident);
        if (incident) {
            incident.pending = state === "done" ? "" : state;
            if (state !== "failed") {
                applyStep(incident, payload);
            }
        }
    },
    onAnswer(answer, payload, field) {
        if (answer.code && !payload.incident) {
            field.toast(_t("Reported as %(code)s", { code: answer.code }), "good");
        }
    },
});
