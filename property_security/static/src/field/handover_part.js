import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { time } from "@inspection_round/field/core/format";
import { useField } from "@inspection_round/field/core/use_field";
import { HandoverPage } from "./handover_page";
import { TakePage } from "./take_page";

const STATES = {
    new: { name: _t("Never handed over"), kind: "plain" },
    on_time: { name: _t("In order"), kind: "good" },
    unsigned: { name: _t("Not signed yet"), kind: "warn" },
    missing: { name: _t("Hand-over missing"), kind: "bad" },
};

/** The posts of the guard's sites, and what waits for the guard's signature. */
export class HandoverPart extends Component {
    static template = "property_security.FieldHandoverPart";
    static props = {};

    setup() {
        this.field = useField();
        Object.assign(this, { time, STATES });
    }

    get posts() {
        return this.field.data("handover").posts || [];
    }

    get waiting() {
        return this.field.data("handover").waiting || [];
    }

    give(post) {
        this.field.open(HandoverPage, { postId: post.id }, post.name);
    }

    take(handover) {
        this.field.open(TakePage, { handoverId: handover.id }, _t("Take over"));
    }
}
