import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { KeepLast } from "@web/core/utils/concurrency";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const MODEL = "property.patrol.heat";
const DAY = 24 * 3600 * 1000;

/** Return the day some days before another one, both such as 2026-03-01. */
function daysBefore(day, count) {
    return new Date(Date.parse(`${day}T00:00:00Z`) - count * DAY).toISOString().slice(0, 10);
}

/**
 * The heat table of patrols: points as rows, hours of the day as columns, visits or misses as
 * warmth. The server counts; a cell opens what it counts.
 */
export class PatrolHeat extends Component {
    static template = "property_security.PatrolHeat";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.keepLast = new KeepLast();
        this.display = { controlPanel: {} };
        this.hours = [...Array(24).keys()].map((hour) => String(hour).padStart(2, "0"));
        this.state = useState({ sites: [], table: null, filter: {} });
        onWillStart(async () => {
            const { sites, date_from, date_to } = await this.orm.call(MODEL, "start", []);
            this.today = date_to;
            this.state.sites = sites;
            this.state.filter = {
                site: sites[0]?.id || false,
                route: false,
                from: date_from,
                to: date_to,
                measure: "visits",
            };
            await this.load();
        });
    }

    get routes() {
        return this.state.sites.find((site) => site.id === this.state.filter.site)?.routes || [];
    }

    get spans() {
        return [
            { days: 1, name: _t("Today") },
            { days: 7, name: _t("7 days") },
            { days: 30, name: _t("30 days") },
        ];
    }

    get measures() {
        return [
            { key: "visits", name: _t("Points Visited") },
            { key: "missed", name: _t("Missed") },
        ];
    }

    get workbook() {
        const { site, route, from, to, measure } = this.state.filter;
        const query = new URLSearchParams({ site, date_from: from, date_to: to, measure });
        if (route) {
            query.set("route", route);
        }
        return `/property/patrol/heat.xlsx?${query}`;
    }

    isSpan(days) {
        const { from, to } = this.state.filter;
        return to === this.today && from === daysBefore(to, days - 1);
    }

    /** Change what is shown; an empty day of a half-typed date changes nothing yet. */
    choose(values) {
        Object.assign(this.state.filter, values);
        return this.load();
    }

    chooseSite(ev) {
        return this.choose({ site: Number(ev.target.value), route: false });
    }

    chooseSpan(days) {
        return this.choose({ from: daysBefore(this.today, days - 1), to: this.today });
    }

    async load() {
        const { site, route, from, to, measure } = this.state.filter;
        if (!site || !from || !to) {
            this.state.table = null;
            return;
        }
        const asked = this.orm.call(MODEL, "table", [site, route, from, to, measure]);
        this.state.table = await this.keepLast.add(asked);
    }

    /** Open the check-ins or the misses that a cell counts. */
    async open(row, hour, number) {
        if (!number) {
            return;
        }
        const { site, from, to, measure } = this.state.filter;
        const action = await this.orm.call(MODEL, "cell", [site, row.id, hour, from, to, measure]);
        const name = `${action.name}: ${row.name} ${this.hours[hour]}:00`;
        return this.action.doAction({ ...action, name });
    }
}

registry.category("actions").add("property_security.patrol_heat", PatrolHeat);
