import { Component, onWillStart, useExternalListener, useRef, useState } from "@odoo/owl";
import { formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { SIZES } from "@web/core/ui/ui_service";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { legendOf } from "./colours";
import { OccupancyTimeline } from "./timeline";

const { DateTime } = luxon;
const KEYS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** As in the rent roll, the share that is let is of what can be let at all. */
const isOnMarket = (space) => space.state !== "off_market";

/** The spaces of a building, floor by floor, as they are on any day (楼层 × 房源). */
export class StackingPlan extends Component {
    static template = "property_leasing.StackingPlan";
    static components = { Layout, OccupancyTimeline };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.ui = useService("ui");
        this.root = useRef("root");
        this.display = { controlPanel: {} };
        const kept = this.props.state || {};
        this.state = useState({
            plan: null,
            buildingId: kept.buildingId || null,
            day: kept.day || null,
            mode: kept.mode || "state",
            view: kept.view || "plan",
            chosen: null,
            only: null,
        });
        this.turn = 0;
        this.openForm = this.open.bind(this);
        useSetupAction({
            getLocalState: () => {
                const { buildingId, day, mode, view } = this.state;
                return { buildingId, day, mode, view };
            },
        });
        onWillStart(() => this.load());
        useExternalListener(window, "keydown", (event) => this.onKey(event));
    }

    async load() {
        const turn = ++this.turn;
        const { buildingId, day } = this.state;
        const plan = await this.orm.call("property.space", "get_stacking_plan", [buildingId, day]);
        if (turn === this.turn) {
            Object.assign(this.state, { plan, chosen: null, only: null });
            this.state.buildingId = plan.building_id;
            this.state.day = plan.day;
        }
    }

    // What is shown ------------------------------------------------------------------------

    /** Where the card lies over the plan: on phones and on tablets held upright. */
    get isNarrow() {
        return this.ui.size < SIZES.LG;
    }

    get plan() {
        return this.state.plan;
    }

    get spaces() {
        return this.plan.floors.flatMap((floor) => floor.spaces);
    }

    get legend() {
        return legendOf(this.plan, this.state.mode);
    }

    get modes() {
        return [
            ["state", _t("Status")],
            ["expiry", _t("Expiry")],
            ["rent", _t("Rent")],
        ];
    }

    get views() {
        return [
            ["plan", _t("Plan"), "fa-th"],
            ["timeline", _t("Timeline"), "fa-align-left"],
        ];
    }

    get day() {
        return DateTime.fromISO(this.plan.day);
    }

    get isToday() {
        return this.plan.day === DateTime.now().toISODate();
    }

    get building() {
        return this.plan.buildings.find((one) => one.id === this.plan.building_id);
    }

    get figures() {
        const all = this.spaces.filter(isOnMarket);
        const area = (spaces) => spaces.reduce((sum, space) => sum + space.area, 0);
        const let_ = all.filter((space) => space.lease_id);
        const total = area(all);
        const rent = let_.reduce((sum, space) => sum + space.rent, 0);
        return [
            { name: _t("Let by area"), value: `${this.percent(area(let_), total)} %` },
            { name: _t("Let"), value: `${let_.length} / ${all.length}` },
            { name: _t("Area"), value: this.areaText(total) },
            { name: _t("Rent a month"), value: `¥${this.number(rent)}` },
        ];
    }

    get widest() {
        return Math.max(...this.plan.floors.map((floor) => this.areaOf(floor)));
    }

    areaOf(floor) {
        return floor.spaces.reduce((sum, space) => sum + space.area, 0);
    }

    letShare(floor) {
        const spaces = floor.spaces.filter(isOnMarket);
        const own = spaces.filter((space) => space.lease_id);
        return this.percent(this.areaOf({ spaces: own }), this.areaOf({ spaces }));
    }

    areaText(area, digits) {
        return _t("%(area)s m²", { area: this.number(area, digits) });
    }

    percent(part, whole) {
        return whole ? Math.round((part / whole) * 100) : 0;
    }

    number(value, digits = 0) {
        return formatFloat(value, { digits: [16, digits] });
    }

    date(text) {
        return text ? formatDate(DateTime.fromISO(text)) : "";
    }

    tileClass(space, legend) {
        const entry = legend.find((one) => one.has(space)) || { key: "none", colour: "none" };
        const dimmed = this.state.only && this.state.only !== entry.key;
        return [
            `o_stacking_${entry.colour}`,
            dimmed ? "o_stacking_dimmed" : "",
            this.state.chosen?.id === space.id ? "o_stacking_chosen" : "",
        ].join(" ");
    }

    stateName(space) {
        return Object.fromEntries(this.plan.states)[space.state];
    }

    pricingName(space) {
        return Object.fromEntries(this.plan.pricings)[space.pricing];
    }

    hint(space) {
        return [
            space.code,
            this.stateName(space),
            space.tenant,
            this.areaText(space.area, 2),
            this.date(space.until),
        ]
            .filter(Boolean)
            .join(", ");
    }

    floorName(floor) {
        return floor < 0 ? `B${-floor}` : `${floor}F`;
    }

    // What people do -----------------------------------------------------------------------

    async chooseBuilding(event) {
        this.state.buildingId = Number(event.target.value);
        await this.load();
    }

    async chooseDay(text) {
        if (DateTime.fromISO(text).isValid) {
            this.state.day = text;
            await this.load();
        }
    }

    moveDay(step) {
        return this.chooseDay(step ? this.day.plus(step).toISODate() : DateTime.now().toISODate());
    }

    chooseMode(mode) {
        Object.assign(this.state, { mode, only: null });
    }

    highlight(key) {
        this.state.only = this.state.only === key ? null : key;
    }

    show(space) {
        this.state.chosen = space;
    }

    /** On a narrow screen the first tap shows the card, the second opens the space. */
    onTile(space) {
        if (this.isNarrow && this.state.chosen?.id !== space.id) {
            return this.show(space);
        }
        return this.open("property.space", space.id);
    }

    onFocus(space) {
        if (!this.isNarrow) {
            this.show(space);
        }
    }

    open(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    async newLease(space) {
        const action = await this.orm.call("property.space", "action_new_lease", [[space.id]]);
        await this.action.doAction(action);
    }

    print() {
        window.print();
    }

    onKey(event) {
        const step = KEYS[event.key];
        const tile = document.activeElement?.closest?.(".o_stacking_tile");
        if (!step || !tile || !this.root.el?.contains(tile)) {
            return;
        }
        event.preventDefault();
        const rows = [...this.root.el.querySelectorAll(".o_stacking_floor")].map((row) => [
            ...row.querySelectorAll(".o_stacking_tile"),
        ]);
        const row = rows.findIndex((tiles) => tiles.includes(tile));
        const left = tile.getBoundingClientRect().left;
        const index = rows[row].indexOf(tile) + step[1];
        const target = step[0]
            ? rows[row + step[0]]?.toSorted(
                  (one, other) =>
                      Math.abs(one.getBoundingClientRect().left - left) -
                      Math.abs(other.getBoundingClientRect().left - left)
              )[0]
            : rows[row][index];
        target?.focus();
    }
}

registry.category("actions").add("property_leasing.stacking", StackingPlan);
