import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Photos } from "@inspection_round/field/core/photos";
import { useDraft } from "@inspection_round/field/core/use_draft";
import { useField } from "@inspection_round/field/core/use_field";
import { KINDS } from "./visitor_verdict";

const REQUIRED = ["name", "unit", "confirmed_by"];

/** Somebody who comes without a pass: let in when the home agrees. */
export class WalkInPage extends Component {
    static template = "property_security.FieldWalkIn";
    static components = { Photos };
    static props = { site: Number };

    setup() {
        this.field = useField();
        this.kinds = ["visitor", "delivery", "contractor"].map((key) => [key, KINDS[key]]);
        this.state = useState({
            values: { kind: "visitor", name: "", unit: "", confirmed_by: "", phone: "", plate: "" },
            files: [],
            isTried: false,
            isBusy: false,
        });
        useDraft(this.draft, this.state, ["values", "files"]);
    }

    get draft() {
        return `visitor/walk-in/${this.props.site}`;
    }

    isMissing(name) {
        return this.state.isTried && !this.state.values[name].trim();
    }

    async take(file) {
        const name = await this.field.photo(file, [this.state.values.plate].filter(Boolean));
        if (name && !this.state.files.includes(name)) {
            this.state.files.push(name);
        }
    }

    drop(name) {
        this.state.files.splice(this.state.files.indexOf(name), 1);
    }

    async submit() {
        this.state.isTried = true;
        const { values } = this.state;
        if (REQUIRED.some((name) => !values[name].trim())) {
            this.field.feedback.bad();
            this.field.toast(_t("Who comes, where to, and who agreed?"), "bad");
            return;
        }
        const phone = values.phone.replace(/[\s()-]/g, "");
        if (phone && !/^\+?\d{7,15}$/.test(phone)) {
            this.field.feedback.bad();
            this.field.toast(_t("This is no telephone number."), "bad");
            return;
        }
        this.state.isBusy = true;
        const files = [...this.state.files];
        const payload = { action: "walk_in", site: this.props.site, ...values, phone, files };
        const entry = await this.field.send("visitor", payload, files, this.draft);
        this.state.isBusy = false;
        if (entry) {
            this.field.feedback.good();
            this.field.toast(_t("Let in"), "good");
            this.field.back();
        }
    }
}
