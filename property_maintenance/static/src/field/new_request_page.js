import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Photos } from "@inspection_round/field/core/photos";
import { useDraft } from "@inspection_round/field/core/use_draft";
import { useField } from "@inspection_round/field/core/use_field";

const MOST_PHOTOS = 9;
const KEPT = ["site", "place", "category", "text", "is_urgent", "files"];

/** A request that somebody of the staff came upon: where, what, photos. */
export class NewRequestPage extends Component {
    static template = "property_maintenance.FieldNewRequest";
    static components = { Photos };
    static props = { home: { type: Object, optional: true } };

    setup() {
        this.field = useField();
        const { home } = this.props;
        this.state = useState({
            site: home?.site_id || this.sites[0]?.id || null,
            place: "",
            category: "",
            text: "",
            is_urgent: false,
            files: [],
            isBusy: false,
        });
        useDraft(this.draft, this.state, KEPT);
    }

    get draft() {
        return `request/new/${this.props.home?.id || ""}`;
    }

    get sites() {
        return this.field.data("register").sites || [];
    }

    get categories() {
        return this.field.data("register").categories || [];
    }

    get hasRoom() {
        return this.state.files.length < MOST_PHOTOS;
    }

    async take(file) {
        const name = await this.field.photo(file, [this.state.place]);
        if (name && !this.state.files.includes(name)) {
            this.state.files.push(name);
        }
    }

    drop(name) {
        this.state.files.splice(this.state.files.indexOf(name), 1);
    }

    async submit() {
        const { site, place, category, text, is_urgent, files } = JSON.parse(
            JSON.stringify(this.state)
        );
        if (!text.trim() || (!this.props.home && !place.trim())) {
            this.field.feedback.bad();
            this.field.toast(_t("Say where it is and what is the matter."), "bad");
            return;
        }
        const chosen = this.categories.find((one) => one.id === Number(category));
        this.state.isBusy = true;
        const payload = {
            site,
            unit: this.props.home?.id || null,
            place: place.trim(),
            kind: chosen?.kind || "repair",
            category: chosen?.id || null,
            text: text.trim(),
            is_urgent,
            files,
        };
        const entry = await this.field.send("request_new", payload, files, this.draft);
        this.state.isBusy = false;
        if (entry) {
            this.field.feedback.good();
            this.field.toast(_t("The request is kept and will be sent."), "good");
            this.field.back();
        }
    }
}
