import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Photos } from "@inspection_round/field/core/photos";
import { useDraft } from "@inspection_round/field/core/use_draft";
import { useField } from "@inspection_round/field/core/use_field";
import { VERDICTS, windowOf } from "./visitor_verdict";

/** Things that are carried out: counted line by line. */
export class ReleasePage extends Component {
    static template = "property_security.FieldRelease";
    static components = { Photos };
    static props = { result: Object, site: Number };

    setup() {
        this.field = useField();
        const lines = this.one.lines || [];
        const counts = Object.fromEntries(lines.map((line) => [line.id, 0]));
        this.state = useState({ counts, files: [], note: "", isBusy: false });
        this.windowOf = windowOf;
        useDraft(this.draft, this.state, ["counts", "files", "note"]);
    }

    get draft() {
        return `item-release/${this.one?.id}`;
    }

    get verdict() {
        return VERDICTS[this.props.result.verdict] || VERDICTS.unknown;
    }

    get one() {
        return this.props.result.release;
    }

    get isValid() {
        return this.props.result.verdict === "valid";
    }

    get isComplete() {
        return this.one.lines.every((line) => this.state.counts[line.id] === line.quantity);
    }

    /** Count one more; after the last it begins anew. */
    tick(line) {
        const count = this.state.counts[line.id];
        this.state.counts[line.id] = count >= line.quantity ? 0 : count + 1;
    }

    tickAll(line) {
        this.state.counts[line.id] = line.quantity;
    }

    async take(file) {
        const name = await this.field.photo(file, [this.one.unit, this.one.carrier]);
        if (name && !this.state.files.includes(name)) {
            this.state.files.push(name);
        }
    }

    drop(name) {
        this.state.files.splice(this.state.files.indexOf(name), 1);
    }

    async letOut() {
        if (!this.isComplete) {
            const isSure = await this.field.confirm({
                title: _t("Not everything is counted"),
                body: _t("Less leaves than is on the list? The resident is told and a manager looks at it."),
                confirm: _t("Let out all the same"),
                cancel: _t("Count again"),
            });
            if (!isSure) {
                return;
            }
        }
        this.state.isBusy = true;
        const files = [...this.state.files];
        const payload = {
            release: this.one.id,
            carrier: this.one.carrier,
            lines: this.one.lines.map((line) => ({
                id: line.id,
                quantity: this.state.counts[line.id],
            })),
            signed: this.props.result.signed,
            note: this.state.note.trim(),
            files,
        };
        const entry = await this.field.send("item_release", payload, files, this.draft);
        this.state.isBusy = false;
        if (entry) {
            this.field.feedback.good();
            this.field.toast(_t("Carried out"), "good");
            this.field.back();
        }
    }
}
