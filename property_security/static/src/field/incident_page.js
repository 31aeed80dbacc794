import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { time } from "@inspection_round/field/core/format";
import { Photos } from "@inspection_round/field/core/photos";
import { useDraft } from "@inspection_round/field/core/use_draft";
import { useField } from "@inspection_round/field/core/use_field";
import { severityKind, severityName } from "./severity";

const MOST_PHOTOS = 9;

/** One incident: what it is about, what to do, and what was done. */
export class IncidentPage extends Component {
    static template = "property_security.FieldIncident";
    static components = { Photos };
    static props = { incidentId: Number };

    setup() {
        this.field = useField();
        this.state = useState({ text: "", files: [], isBusy: false });
        useDraft(this.draft, this.state, ["text", "files"]);
        Object.assign(this, { time, severityKind });
    }

    get draft() {
        return `incident/${this.props.incidentId}`;
    }

    get incident() {
        const { incidents = [] } = this.field.data("incidents");
        return incidents.find((one) => one.id === this.props.incidentId);
    }

    get severity() {
        return severityName(this.field, this.incident.severity);
    }

    get isOpen() {
        return ["reported", "handling"].includes(this.incident.state);
    }

    get hasRoom() {
        return this.state.files.length < MOST_PHOTOS;
    }

    async take(file) {
        const name = await this.field.photo(file, [this.incident.place]);
        if (name && !this.state.files.includes(name)) {
            this.state.files.push(name);
        }
    }

    drop(name) {
        this.state.files.splice(this.state.files.indexOf(name), 1);
    }

    start() {
        return this.send({ event: "start" }, _t("You are on it."));
    }

    done(step) {
        return this.send({ event: "done", step: step.id }, step.name);
    }

    note() {
        const text = this.state.text.trim();
        if (!text) {
            this.field.feedback.bad();
            this.field.toast(_t("Write what you did or saw."), "bad");
            return null;
        }
        return this.send({ event: "note", text }, _t("Kept"));
    }

    async close() {
        const text = await this.field.confirm({
            title: _t("Close the incident"),
            body: _t("What came of it? This stands in the report."),
            input: _t("Result"),
            confirm: _t("Close"),
            cancel: _t("Back"),
        });
        if (text && (await this.send({ event: "close", text }, _t("Closed")))) {
            this.field.back();
        }
    }

    async send(said, toast) {
        const files = [...this.state.files];
        const payload = { incident: this.incident.id, ...said, files };
        this.state.isBusy = true;
        const entry = await this.field.send("incident", payload, files, this.draft);
        this.state.isBusy = false;
        if (entry) {
            Object.assign(this.state, { text: "", files: [] });
            this.field.feedback.good();
            this.field.toast(toast, "good");
        }
        return entry;
    }
}
