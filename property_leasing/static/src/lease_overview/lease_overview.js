import { Component, onWillStart, useState } from "@odoo/owl";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { deserializeDate, formatDate, serializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { LeaseChart } from "./lease_chart";

const GREEN = "#0f766e";
const LIGHT = "#99d5cb";
const AMBER = "#d97706";
const ASSUMED = "#cbd5e1";
const RED = "#dc2626";
const ROLL = "property_lease_rent_roll_action";
const ARREARS = "property_lease_report_arrears_action";
const FORECAST = "property_lease_report_forecast_action";

/** The first page of leasing: how the spaces stand on a day, at a glance. */
export class LeaseOverview extends Component {
    static template = "property_leasing.LeaseOverview";
    static components = { DateTimeInput, LeaseChart, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.state = useState({ data: null, day: false, siteId: false });
        this.turn = 0;
        onWillStart(() => this.load());
    }

    async load() {
        const turn = ++this.turn;
        const { day, siteId } = this.state;
        const data = await this.orm.call("property.lease.overview", "get_overview", [
            day,
            siteId,
        ]);
        if (turn === this.turn) {
            this.state.data = data;
        }
    }

    get data() {
        return this.state.data;
    }

    get day() {
        return deserializeDate(this.data.day);
    }

    chooseDay(day) {
        this.state.day = day ? serializeDate(day) : false;
        return this.load();
    }

    chooseSite(event) {
        this.state.siteId = Number(event.target.value) || false;
        return this.load();
    }

    // Words --------------------------------------------------------------------------------

    number(value, digits = 0) {
        return (value || 0).toLocaleString(undefined, {
            minimumFractionDigits: digits,
            maximumFractionDigits: digits,
        });
    }

    /** Write money short enough for a tile: 12.3万 or 123K, as the reader's language counts. */
    money(value) {
        const isLong = Math.abs(value) >= 1e5;
        const locale = luxon.Settings.defaultLocale;
        const options = { notation: "compact", maximumFractionDigits: 1 };
        const text = isLong ? value.toLocaleString(locale, options) : this.number(value);
        return this.data.currency + text;
    }

    share(value) {
        return value === null ? "–" : `${this.number(value * 100, 1)}%`;
    }

    years(value) {
        return value === null ? "–" : this.number(value, 2);
    }

    date(text) {
        return formatDate(deserializeDate(text));
    }

    get rollTitle() {
        return _t("Rent Roll");
    }

    get occupancy() {
        const vacancy = this.data.figures.vacancy_area;
        return vacancy === null ? null : 1 - vacancy;
    }

    get tiles() {
        const { figures, arrears, month } = this.data;
        return [
            {
                key: "occupancy",
                name: _t("Let, by area"),
                value: this.share(this.occupancy),
                color: "success",
                hint: _t("%(let)s of %(all)s spaces, %(area)s m²", {
                    let: figures.count_let,
                    all: figures.count_let + figures.count_empty,
                    area: this.number(figures.area_let),
                }),
                open: () => this.openRoll(_t("Let"), [["lease_id", "!=", false]]),
            },
            {
                key: "vacancy",
                name: _t("Vacant"),
                value: this.share(figures.vacancy_area),
                color: figures.count_empty ? "danger" : "muted",
                hint: _t("%(count)s spaces, %(area)s m²; asking %(rent)s a month", {
                    count: figures.count_empty,
                    area: this.number(figures.area_empty),
                    rent: this.money(figures.asking_empty),
                }),
                open: () => this.openRoll(_t("Vacant"), EMPTY),
            },
            {
                key: "wale",
                name: _t("WALE by rent, years"),
                value: this.years(figures.wale_rent),
                color: "primary",
                hint: _t("by area %s years", this.years(figures.wale_area)),
                open: () => this.open("property_lease_rent_roll_action_expiry", _t("Expiry Ladder")),
            },
            {
                key: "rent",
                name: _t("Rent a month"),
                value: this.money(figures.rent),
                color: "primary",
                hint: _t("%(month)s per m² and month, %(day)s per m² and day", {
                    month: this.number(figures.rent_m2_month, 2),
                    day: this.number(figures.rent_m2_day, 2),
                }),
                open: () =>
                    this.open("property_lease_rent_roll_action_rent_m2", _t("Rent per m²")),
            },
            {
                key: "ending",
                name: _t("End within %s days", figures.ending_days),
                value: this.number(figures.ending_count),
                color: figures.ending_count ? "warning" : "muted",
                hint: _t("%(area)s m², %(rent)s a month", {
                    area: this.number(figures.ending_area),
                    rent: this.money(figures.ending_rent),
                }),
                open: () => this.openRoll(_t("Ending"), [["state", "=", "ending"]]),
            },
            {
                key: "arrears",
                name: _t("Overdue"),
                value: this.money(arrears.total),
                color: arrears.total ? "danger" : "success",
                hint: _t("%(count)s tenants; deposits held %(deposit)s", {
                    count: arrears.tenants,
                    deposit: this.money(figures.deposit),
                }),
                open: () => this.open(ARREARS, _t("Arrears of Tenants"), OVERDUE),
            },
            {
                key: "collected",
                name: _t("Collected of bills of %s", month.month.slice(0, 7)),
                value: this.share(month.rate),
                color: month.rate < 1 ? "warning" : "success",
                hint: _t("%(collected)s of %(billed)s", {
                    collected: this.money(month.collected),
                    billed: this.money(month.billed),
                }),
                open: () => this.open(FORECAST, _t("Rent Forecast"), this.monthDomain(month.month)),
            },
        ];
    }

    // Charts -------------------------------------------------------------------------------

    get ladder() {
        const rows = this.data.ladder;
        return {
            label: _t("Expiry Ladder"),
            labels: rows.map((row) => row.name),
            datasets: [
                {
                    label: _t("Area that ends, m²"),
                    data: rows.map((row) => Math.round(row.area)),
                    backgroundColor: rows.map((row, index) => (index < 2 ? AMBER : GREEN)),
                },
            ],
            choose: (index) => {
                const { from, to } = rows[index];
                const until = to ? [["date_to", "<=", to]] : [];
                this.openRoll(_t("Expiry Ladder"), [["date_to", ">=", from], ...until]);
            },
        };
    }

    get forecast() {
        const rows = this.data.forecast;
        return {
            label: _t("What the next 24 months charge"),
            labels: rows.map((row) => row.name),
            datasets: [
                { label: _t("Rent"), data: rows.map((row) => row.rent), backgroundColor: GREEN },
                {
                    label: _t("Other items"),
                    data: rows.map((row) => row.other),
                    backgroundColor: LIGHT,
                },
                {
                    label: _t("Turnover rent, settled or expected"),
                    data: rows.map((row) => row.turnover),
                    backgroundColor: AMBER,
                },
                {
                    label: _t("Let anew (assumed)"),
                    data: rows.map((row) => row.relet),
                    backgroundColor: ASSUMED,
                },
            ],
            choose: (index) => {
                const month = this.day.startOf("month").plus({ months: index });
                this.open(FORECAST, _t("Rent Forecast"), this.monthDomain(serializeDate(month)));
            },
        };
    }

    get trades() {
        const rows = this.data.trades;
        return {
            label: _t("Rent per m² by trade"),
            labels: rows.map((row) => row.name),
            datasets: [
                {
                    label: _t("Rent per m² and month"),
                    data: rows.map((row) => row.rent_m2),
                    backgroundColor: GREEN,
                },
            ],
            choose: (index) =>
                this.openRoll(rows[index].name, [
                    ["lease_id", "!=", false],
                    ["trade", "=", rows[index].trade],
                ]),
        };
    }

    get floors() {
        const rows = this.data.floors;
        return {
            label: _t("Let and vacant by floor"),
            labels: rows.map((row) => _t("Floor %s", row.name)),
            datasets: [
                {
                    label: _t("Let, m²"),
                    data: rows.map((row) => row.area),
                    backgroundColor: GREEN,
                },
                {
                    label: _t("Vacant, m²"),
                    data: rows.map((row) => row.empty),
                    backgroundColor: LIGHT,
                },
            ],
            choose: (index) =>
                this.openRoll(_t("Floor %s", rows[index].name), [["floor", "=", rows[index].name]]),
        };
    }

    get ages() {
        return {
            label: _t("Overdue by age"),
            labels: [
                _t("1–30 days"),
                _t("31–90 days"),
                _t("91–180 days"),
                _t("181–365 days"),
                _t("Over 1 year"),
            ],
            datasets: [
                { label: _t("Overdue"), data: this.data.arrears.amounts, backgroundColor: RED },
            ],
            choose: () => this.open(ARREARS, _t("Arrears of Tenants"), OVERDUE),
        };
    }

    /** Say which rows of the forecast belong to a month. */
    monthDomain(first) {
        const last = serializeDate(deserializeDate(first).endOf("month"));
        return [
            ["date", ">=", first],
            ["date", "<=", last],
        ];
    }

    // Doors --------------------------------------------------------------------------------

    /** Open a report of the day and the site looked at. */
    async open(name, title, domain = []) {
        const action = await this.action.loadAction(`property_leasing.${name}`);
        const site = this.state.siteId ? [["site_id", "=", this.state.siteId]] : [];
        await this.action.doAction({
            ...action,
            name: `${title} · ${formatDate(this.day)}`,
            display_name: `${title} · ${formatDate(this.day)}`,
            domain: [...site, ...domain],
            context: { property_as_of: this.data.day },
        });
    }

    openRoll(title, domain = []) {
        return this.open(ROLL, title, domain);
    }

    openRecord(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    export() {
        return this.action.doAction("property_leasing.property_lease_report_wizard_action", {
            additionalContext: {
                default_date: this.data.day,
                default_site_ids: this.state.siteId ? [this.state.siteId] : [],
            },
        });
    }
}

const EMPTY = [["state", "in", ["vacant", "reserved"]]];
const OVERDUE = [
    ["days_overdue", ">", 0],
    ["amount_open", ">", 0],
];

registry.category("actions").add("property_leasing.overview", LeaseOverview);
