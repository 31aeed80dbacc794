import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { time } from "@inspection_round/field/core/format";
import { useField } from "@inspection_round/field/core/use_field";
import { check } from "./visitor_check";
import { ReleasePage } from "./visitor_release_page";
import { VisitorPage } from "./visitor_page";
import { KINDS, VERDICTS, verdictOf, windowOf } from "./visitor_verdict";
import { WalkInPage } from "./visitor_walk_in_page";

const SITE = "visitors/site"; // draft: where the guard stands

/** Who is expected, who is inside, what is carried out; and the code that somebody shows. */
export class VisitorsScreen extends Component {
    static template = "property_security.FieldVisitors";
    static props = {};

    setup() {
        this.field = useField();
        this.state = useState({ part: "expected", text: "", site: null, isBusy: false });
        Object.assign(this, { time, windowOf, KINDS, VERDICTS });
        onWillStart(async () => {
            const kept = await this.field.draft(SITE);
            const ids = this.sites.map((site) => site.id);
            this.state.site = ids.includes(kept) ? kept : ids[0] || null;
        });
    }

    get data() {
        const { sites = [], passes = [], visits = [], releases = [] } = this.field.data("visitors");
        return { sites, passes, visits, releases };
    }

    get sites() {
        return this.data.sites;
    }

    get parts() {
        const { passes, visits, releases } = this.data;
        const now = Date.now();
        const isHere = (one) => one.site === this.state.site && this.matches(one);
        const isOpen = (one) =>
            ["valid", "early", "waiting"].includes(verdictOf(one, this.state.site, now));
        return [
            { key: "expected", name: _t("Expected"), list: passes.filter(isHere).filter(isOpen) },
            { key: "inside", name: _t("Inside"), list: visits.filter(isHere) },
            { key: "items", name: _t("Items"), list: releases.filter(isHere).filter(isOpen) },
        ];
    }

    get list() {
        return this.parts.find((part) => part.key === this.state.part).list;
    }

    matches(one) {
        const text = this.state.text.trim().toLowerCase();
        const words = [one.name, one.carrier, one.unit, one.plate].join(" ").toLowerCase();
        return words.replaceAll("·", "").includes(text.replaceAll("·", ""));
    }

    verdict(one) {
        return verdictOf(one, this.state.site);
    }

    isLate(visit) {
        return visit.due_at && Date.parse(visit.due_at) < Date.now();
    }

    chooseSite(ev) {
        this.state.site = Number(ev.target.value);
        this.field.saveDraft(SITE, this.state.site);
    }

    async scan() {
        const found = await this.field.scan(
            _t("Hold the camera at the visitor's QR code, or type the eight digits")
        );
        if (found) {
            await this.judge(found.code);
        }
    }

    async judge(text) {
        this.state.isBusy = true;
        try {
            const result = await check(this.field, text, this.state.site);
            if (result) {
                this.field.feedback[result.verdict === "valid" ? "good" : "bad"]();
                this.show(result);
            }
        } finally {
            this.state.isBusy = false;
        }
    }

    show(result) {
        const props = { result, site: this.state.site };
        if (result.subject === "release") {
            this.field.open(ReleasePage, props, _t("Item release"));
        } else {
            this.field.open(VisitorPage, props, _t("Visitor"));
        }
    }

    open(one) {
        const subject = this.state.part === "items" ? "release" : "pass";
        this.show({ verdict: this.verdict(one), subject, [subject]: one, method: "list", signed: "" });
    }

    async leave(visit) {
        const isSure = await this.field.confirm({
            title: visit.name,
            body: _t("Has this visitor left?"),
            confirm: _t("Has left"),
            cancel: _t("No"),
        });
        if (isSure) {
            const payload = { action: "out", visit: visit.uuid, name: visit.name };
            if (await this.field.send("visitor", payload)) {
                this.field.toast(_t("Left: %(name)s", { name: visit.name }), "good");
            }
        }
    }

    walkIn() {
        this.field.open(WalkInPage, { site: this.state.site }, _t("Without a pass"));
    }
}
