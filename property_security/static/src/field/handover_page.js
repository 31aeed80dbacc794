import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useField } from "@inspection_round/field/core/use_field";

/** Handing over a post: to whom, what was counted, what goes on. */
export class HandoverPage extends Component {
    static template = "property_security.FieldHandover";
    static props = { postId: Number };

    setup() {
        this.field = useField();
        this.state = useState({ to: null, counts: {}, text: "", isBusy: false });
        onWillStart(async () => Object.assign(this.state, await this.field.draft(this.draftKey)));
    }

    get draftKey() {
        return `handover/${this.props.postId}`;
    }

    get post() {
        return (this.field.data("handover").posts || []).find((one) => one.id === this.props.postId);
    }

    get colleagues() {
        const { colleagues = [] } = this.field.data("handover");
        return colleagues.filter((one) => one.sites.includes(this.post.site_id));
    }

    get incidents() {
        const { incidents = [] } = this.field.data("incidents");
        return incidents.filter(
            (one) => one.site_id === this.post.site_id && ["reported", "handling"].includes(one.state)
        );
    }

    keep() {
        const { isBusy, ...value } = this.state;
        return this.field.saveDraft(this.draftKey, value);
    }

    choose(to) {
        this.state.to = to;
        this.keep();
    }

    allThere(item) {
        this.state.counts[item.id] = item.expected;
        this.keep();
    }

    isShort(item) {
        const counted = this.state.counts[item.id];
        return counted !== undefined && counted !== "" && Number(counted) < item.expected;
    }

    get items() {
        return this.post.items.map((item) => ({
            id: item.id,
            counted: /^\d{1,4}$/.test(`${this.state.counts[item.id] ?? ""}`)
                ? Number(this.state.counts[item.id])
                : null,
        }));
    }

    async submit() {
        const items = this.items;
        if (!this.state.to || items.some((item) => item.counted === null)) {
            this.field.feedback.bad();
            this.field.toast(
                this.state.to ? _t("Count everything on the list.") : _t("Choose who takes over."),
                "bad"
            );
            return;
        }
        this.state.isBusy = true;
        const payload = {
            event: "give",
            post: this.post.id,
            to: this.state.to,
            text: this.state.text.trim(),
            items,
        };
        const entry = await this.field.send("handover", payload, [], this.draftKey);
        this.state.isBusy = false;
        if (entry) {
            this.field.feedback.good();
            this.field.toast(_t("Signed. Your colleague signs next."), "good");
            this.field.back();
        }
    }
}
