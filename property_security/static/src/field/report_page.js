import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Photos } from "@inspection_round/field/core/photos";
import { useField } from "@inspection_round/field/core/use_field";
import { codeOf } from "@inspection_round/field/rounds/points";
import { severityKind } from "./severity";

const MOST_PHOTOS = 9;
const DRAFT = "incident/new";

/** A report: what kind, where, what happened, photos. Half a report survives a closed page. */
export class ReportPage extends Component {
    static template = "property_security.FieldReport";
    static components = { Photos };
    static props = {};

    setup() {
        this.field = useField();
        this.severityKind = severityKind;
        this.state = useState({
            site: this.sites[0]?.id || null,
            type: null,
            severity: null,
            building: "",
            room: "",
            place: "",
            checkpoint: null,
            text: "",
            is_police_called: false,
            is_fire_called: false,
            files: [],
            isBusy: false,
        });
        onWillStart(async () => Object.assign(this.state, await this.field.draft(DRAFT)));
    }

    get data() {
        return this.field.data("incidents");
    }

    get sites() {
        return this.data.sites || [];
    }

    get buildings() {
        return this.sites.find((one) => one.id === this.state.site)?.buildings || [];
    }

    /** @returns {object[]} the kinds of incidents that the company of the site has */
    get types() {
        const { company } = this.sites.find((one) => one.id === this.state.site) || {};
        return (this.data.types || []).filter((one) => one.company === company);
    }

    get point() {
        return (this.data.checkpoints || []).find((one) => one.id === this.state.checkpoint);
    }

    get hasRoom() {
        return this.state.files.length < MOST_PHOTOS;
    }

    keep() {
        const { isBusy, ...value } = this.state;
        return this.field.saveDraft(DRAFT, value);
    }

    choose(name, value) {
        this.state[name] = value;
        if (name === "type") {
            this.state.severity = this.data.types.find((one) => one.id === value).severity;
        } else if (name === "site") {
            Object.assign(this.state, { building: "", checkpoint: null });
            if (!this.types.some((one) => one.id === this.state.type)) {
                Object.assign(this.state, { type: null, severity: null });
            }
        }
        this.keep();
    }

    async scan() {
        const found = await this.field.scan(_t("Scan the label of the nearest checkpoint"));
        if (!found) {
            return;
        }
        const code = codeOf(found.code);
        const point = (this.data.checkpoints || []).find((one) => one.code === code);
        if (!point) {
            this.field.feedback.bad();
            this.field.toast(_t("This label is not known. Write where it is."), "bad");
            return;
        }
        Object.assign(this.state, { site: point.site, checkpoint: point.id, building: "" });
        this.keep();
    }

    async take(file) {
        const name = await this.field.photo(file, [this.point?.name || this.state.place]);
        if (name && !this.state.files.includes(name)) {
            this.state.files.push(name);
            this.keep();
        }
    }

    drop(name) {
        this.state.files.splice(this.state.files.indexOf(name), 1);
        this.keep();
    }

    /** @returns {string} what is missing, nothing when the report is whole */
    get missing() {
        const { type, building, room, place, checkpoint, text } = this.state;
        if (!type) {
            return _t("Choose what kind of incident it is.");
        }
        if (!building && !room.trim() && !place.trim() && !checkpoint) {
            return _t("Say where it is.");
        }
        return text.trim() ? "" : _t("Say what happened.");
    }

    async submit() {
        if (this.missing) {
            this.field.feedback.bad();
            this.field.toast(this.missing, "bad");
            return;
        }
        const { isBusy, ...said } = JSON.parse(JSON.stringify(this.state));
        const payload = {
            ...said,
            building: Number(said.building) || null,
            room: said.room.trim(),
            place: said.place.trim(),
            text: said.text.trim(),
        };
        this.state.isBusy = true;
        const entry = await this.field.send("incident", payload, said.files, DRAFT);
        this.state.isBusy = false;
        if (entry) {
            this.field.feedback.good();
            this.field.toast(_t("The report is kept and will be sent."), "good");
            this.field.back();
        }
    }
}
