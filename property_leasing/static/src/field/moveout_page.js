import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Photos } from "@inspection_round/field/core/photos";
import { useField } from "@inspection_round/field/core/use_field";

const MOST_PHOTOS = 12; // the server takes no more with an entry

/** The checklist of one move-out; what is filled in is kept at every step. */
export class MoveoutPage extends Component {
    static template = "property_leasing.FieldMoveout";
    static components = { Photos };
    static props = { moveoutId: Number };

    setup() {
        this.field = useField();
        this.seen = JSON.parse(JSON.stringify(this.moveout));
        this.results = [
            { key: "ok", name: _t("In order") },
            { key: "damaged", name: _t("Damaged") },
            { key: "missing", name: _t("Gone missing") },
            { key: "none", name: _t("Does not apply") },
        ];
        const checks = Object.fromEntries(
            this.seen.checks.map((one) => [one.id, { result: one.result, note: one.note, files: [] }])
        );
        const meters = Object.fromEntries(this.seen.meters.map((one) => [one.id, { value: "" }]));
        this.state = useState({ checks, meters, isTried: false, isBusy: false });
        onWillStart(() => this.restore());
    }

    get moveout() {
        const { moveouts = [] } = this.field.data("moveouts");
        // the work may be read anew, without this one, while its checklist is open
        return moveouts.find((one) => one.id === this.props.moveoutId) || this.seen;
    }

    get draft() {
        return `moveout-${this.props.moveoutId}`;
    }

    get hasRoom() {
        const count = Object.values(this.state.checks).reduce((sum, one) => sum + one.files.length, 0);
        return count < MOST_PHOTOS;
    }

    isBad(check) {
        return ["damaged", "missing"].includes(this.state.checks[check.id].result);
    }

    /** Take up what was filled in before the page was closed. */
    async restore() {
        const kept = await this.field.draft(this.draft);
        if (kept) {
            Object.assign(this.state.checks, kept.checks);
            Object.assign(this.state.meters, kept.meters);
        }
    }

    keep() {
        const { checks, meters } = this.state;
        return this.field.saveDraft(this.draft, { checks, meters });
    }

    write(owner, name, value) {
        owner[name] = value;
        this.keep();
    }

    async take(check, file) {
        const lines = [`${this.moveout.brand} ${check.where}`, check.name];
        const name = await this.field.photo(file, lines);
        const { files } = this.state.checks[check.id];
        if (name && !files.includes(name)) {
            files.push(name);
            await this.keep();
        }
    }

    drop(check, name) {
        const { files } = this.state.checks[check.id];
        files.splice(files.indexOf(name), 1);
        this.keep();
    }

    /** What is missing, in a sentence; nothing when it can be sent. */
    get gap() {
        const open = this.seen.checks.find((one) => !this.state.checks[one.id].result);
        if (open) {
            return _t("Say how it is: %(name)s", { name: `${open.where} ${open.name}` });
        }
        const unread = this.seen.meters.find((one) => {
            const value = String(this.state.meters[one.id].value).trim();
            return !value || !(Number(value) >= 0);
        });
        return unread ? _t("Read meter %(code)s", { code: unread.code }) : "";
    }

    async submit() {
        this.state.isTried = true;
        if (this.gap) {
            this.field.feedback.bad();
            this.field.toast(this.gap, "bad");
            return;
        }
        this.state.isBusy = true;
        const { checks, meters } = JSON.parse(JSON.stringify(this.state));
        const payload = {
            moveout: this.moveout.id,
            checks: this.seen.checks.map((one) => ({
                id: one.id,
                ...checks[one.id],
                note: checks[one.id].note.trim(),
            })),
            meters: this.seen.meters.map((one) => ({
                id: one.id,
                value: Number(meters[one.id].value),
            })),
        };
        const files = [...new Set(payload.checks.flatMap((one) => one.files))];
        const entry = await this.field.send("moveout", payload, files, this.draft);
        this.state.isBusy = false;
        if (entry) {
            this.field.feedback.good();
            this.field.toast(_t("Inspection done"), "good");
            this.field.back();
        }
    }
}
