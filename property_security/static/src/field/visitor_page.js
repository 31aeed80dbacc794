import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Photos } from "@inspection_round/field/core/photos";
import { useField } from "@inspection_round/field/core/use_field";
import { KINDS, VERDICTS, windowOf } from "./visitor_verdict";

/** What became of a code, in a colour that is seen from a car. */
export class VisitorPage extends Component {
    static template = "property_security.FieldVisitor";
    static components = { Photos };
    static props = { result: Object, site: Number };

    setup() {
        this.field = useField();
        this.state = useState({ files: [], isBusy: false });
        Object.assign(this, { KINDS, windowOf });
    }

    get verdict() {
        return VERDICTS[this.props.result.verdict] || VERDICTS.unknown;
    }

    get one() {
        return this.props.result.pass;
    }

    /** A pass that was made after the phone read its work: only what the code says is known. */
    get isThin() {
        return Boolean(this.one?.isThin);
    }

    get isValid() {
        return this.props.result.verdict === "valid";
    }

    get visit() {
        const { visits = [] } = this.field.data("visitors");
        return this.one && visits.find((visit) => visit.pass === this.one.id);
    }

    async take(file) {
        const name = await this.field.photo(file, [this.one.plate].filter(Boolean));
        if (name && !this.state.files.includes(name)) {
            this.state.files.push(name);
        }
    }

    drop(name) {
        this.state.files.splice(this.state.files.indexOf(name), 1);
    }

    async letIn() {
        const { method, signed } = this.props.result;
        const files = [...this.state.files];
        const { id, from, to, uses, site, kind } = this.one;
        const thin = this.isThin ? { id, from, to, uses, site, kind, verdict: "valid" } : null;
        const payload = { action: "in", pass: id, method, signed };
        await this.send({ ...payload, files, thin, site, kind }, files);
    }

    async letOut() {
        await this.send({ action: "out", visit: this.visit.uuid, name: this.one.name }, []);
    }

    async send(payload, files) {
        this.state.isBusy = true;
        const entry = await this.field.send("visitor", payload, files);
        this.state.isBusy = false;
        if (entry) {
            this.field.feedback.good();
            this.field.toast(payload.action === "in" ? _t("Let in") : _t("Let out"), "good");
            this.field.back();
        }
    }
}
