import { Component, onWillDestroy, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Photos } from "../core/photos";
import { useField } from "../core/use_field";
import { isAbnormal, limits, missing, resultsOf } from "./answers";
import { draftKey } from "./points";
import { sendCheckIn } from "./send_check_in";

const MOST_PHOTOS = 12; // the server takes no more with an entry

/** The checklist of a checkpoint. What is filled in is kept at every step. */
export class CheckpointPage extends Component {
    static template = "inspection_round.FieldCheckpoint";
    static components = { Photos };
    static props = { roundId: Number, pointId: Number, how: Object };

    setup() {
        this.field = useField();
        Object.assign(this, { isAbnormal, limits, missing });
        this.firstSeen = JSON.parse(JSON.stringify(this.round));
        const answers = Object.fromEntries(
            this.point.items.map((item) => [item.id, { value: "", note: "", files: [] }])
        );
        const { how } = this.props;
        this.state = useState({ answers, files: [], note: "", how, isTried: false, isBusy: false });
        this.field.position.start();
        onWillStart(() => this.restore());
        onWillDestroy(() => this.field.position.stop());
    }

    get round() {
        const rounds = this.field.data("rounds").rounds || [];
        // the work may be read anew, without this round, while its checklist is open
        return rounds.find((one) => one.id === this.props.roundId) || this.firstSeen;
    }

    get point() {
        return this.round.checkpoints.find((one) => one.id === this.props.pointId);
    }

    get draft() {
        return draftKey(this.round, this.point);
    }

    get isManual() {
        return this.state.how.method === "manual" && !this.state.how.code;
    }

    get photoCount() {
        const answers = Object.values(this.state.answers);
        return [this.state, ...answers].reduce((sum, one) => sum + one.files.length, 0);
    }

    get hasRoom() {
        return this.photoCount < MOST_PHOTOS;
    }

    get gaps() {
        return this.point.items.filter((item) => missing(item, this.state.answers[item.id]));
    }

    shouldBe(item) {
        return _t("Should be %(limits)s", { limits: limits(item) });
    }

    /** Take up what was filled in before the page was closed. */
    async restore() {
        const kept = await this.field.draft(this.draft);
        if (!kept) {
            return;
        }
        for (const item of this.point.items) {
            Object.assign(this.state.answers[item.id], kept.answers[item.id]);
        }
        const wasScanned = kept.how.method !== "manual" && this.isManual;
        Object.assign(this.state, {
            files: kept.files,
            note: kept.note,
            how: wasScanned ? kept.how : this.state.how,
        });
    }

    keep() {
        const { answers, files, note, how } = this.state;
        return this.field.saveDraft(this.draft, { answers, files, note, how });
    }

    set(item, value) {
        const answer = this.state.answers[item.id];
        answer.value = answer.value === value && item.type !== "text" ? "" : value;
        this.keep();
    }

    write(owner, name, text) {
        owner[name] = text;
        this.keep();
    }

    async take(owner, file) {
        const place = [this.point.name, this.point.place].filter(Boolean).join(" · ");
        const name = await this.field.photo(file, [place]);
        if (name && !owner.files.includes(name)) {
            owner.files.push(name);
            await this.keep();
        }
    }

    drop(owner, name) {
        owner.files.splice(owner.files.indexOf(name), 1);
        this.keep();
    }

    async scan() {
        const found = await this.field.scan(_t("Hold the camera at the label of the checkpoint"));
        if (found) {
            this.state.how = { ...found, at: new Date().toISOString() };
            this.keep();
        }
    }

    async submit() {
        this.state.isTried = true;
        if (this.gaps.length) {
            this.field.feedback.bad();
            const [first] = this.gaps;
            document.querySelector(`[data-item="${first.id}"]`)?.scrollIntoView({ block: "center" });
            this.field.toast(_t("Still missing: %(item)s", { item: first.name }), "bad");
            return;
        }
        if (this.isManual && !this.state.note.trim()) {
            this.field.feedback.bad();
            this.field.toast(_t("Say why you check in without scanning."), "bad");
            return;
        }
        this.state.isBusy = true;
        const { answers, files, note, how } = this.state;
        const plain = JSON.parse(JSON.stringify({ answers, files, how }));
        const results = resultsOf(this.point.items, plain.answers);
        const content = { results, files: plain.files, note: note.trim() };
        const { field, round, point, draft } = this;
        const isKept = await sendCheckIn(field, round, point, plain.how, content, draft);
        this.state.isBusy = false;
        if (isKept) {
            this.field.back();
        }
    }
}
