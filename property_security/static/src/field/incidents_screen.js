import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { time } from "@inspection_round/field/core/format";
import { useField } from "@inspection_round/field/core/use_field";
import { HandoverPart } from "./handover_part";
import { IncidentPage } from "./incident_page";
import { ReportPage } from "./report_page";
import { severityKind, severityName } from "./severity";

const OPEN = ["reported", "handling"];

/** What is open on the guard's sites, the button that reports something new, and the hand-over. */
export class IncidentsScreen extends Component {
    static template = "property_security.FieldIncidents";
    static components = { HandoverPart };
    static props = {};

    setup() {
        this.field = useField();
        this.state = useState({ part: "open" });
        Object.assign(this, { time, severityKind });
    }

    get parts() {
        const { incidents = [] } = this.field.data("incidents");
        const isOpen = (one) => OPEN.includes(one.state);
        const { posts = [], waiting = [] } = this.field.data("handover");
        const parts = [
            { key: "open", name: _t("Open"), list: incidents.filter(isOpen) },
            { key: "over", name: _t("Over"), list: incidents.filter((one) => !isOpen(one)) },
        ];
        if (posts.length) {
            parts.push({ key: "handover", name: _t("Hand-over"), list: waiting });
        }
        return parts;
    }

    get list() {
        return this.parts.find((part) => part.key === this.state.part)?.list || [];
    }

    severity(incident) {
        return severityName(this.field, incident.severity);
    }

    isLate(incident) {
        return Boolean(incident.due_at) && new Date(incident.due_at) < new Date();
    }

    open(incident) {
        if (Number.isInteger(incident.id)) {
            this.field.open(IncidentPage, { incidentId: incident.id }, incident.code);
        } else {
            this.field.toast(_t("It can be opened once it is sent."));
        }
    }

    report() {
        this.field.open(ReportPage, {}, _t("Report an incident"));
    }
}
