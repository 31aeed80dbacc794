import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

const { DateTime } = luxon;
const MONTHS = { small: 6, large: 18 };

/** The spaces of a building along the months: who has which when. */
export class OccupancyTimeline extends Component {
    static template = "property_leasing.OccupancyTimeline";
    static props = { buildingId: Number, day: String, open: Function };

    setup() {
        this.orm = useService("orm");
        this.ui = useService("ui");
        this.state = useState({ data: null });
        onWillStart(() => this.load(this.props));
        onWillUpdateProps((next) => {
            if (next.buildingId !== this.props.buildingId || next.day !== this.props.day) {
                return this.load(next);
            }
        });
    }

    async load({ buildingId, day }) {
        const months = this.ui.isSmall ? MONTHS.small : MONTHS.large;
        this.state.data = await this.orm.call("property.space", "get_occupancy_timeline", [
            buildingId,
            day,
            months,
        ]);
        this.first = DateTime.fromISO(this.state.data.first);
        this.last = DateTime.fromISO(this.state.data.last);
        this.days = this.last.diff(this.first, "days").days + 1;
    }

    get months() {
        const months = [];
        for (let day = this.first; day <= this.last; day = day.plus({ months: 1 })) {
            months.push({
                key: day.toISODate(),
                name: day.month === 1 || !months.length ? day.toFormat("yyyy-M") : day.toFormat("M"),
                width: (day.daysInMonth / this.days) * 100,
                isYear: day.month === 1,
            });
        }
        return months;
    }

    /** Where today stands, in per cent; null outside the months shown. */
    get today() {
        const now = DateTime.now().startOf("day");
        return now < this.first || now > this.last ? null : this.at(now);
    }

    at(day) {
        return (day.diff(this.first, "days").days / this.days) * 100;
    }

    style(bar) {
        const left = Math.max(0, this.at(DateTime.fromISO(bar.from)));
        const right = Math.min(100, this.at(DateTime.fromISO(bar.to).plus({ days: 1 })));
        return `left: ${left}%; width: ${Math.max(0.4, right - left)}%`;
    }

    hint(bar) {
        const names = {
            lease: _t("Let"),
            reserved: _t("Reserved"),
            off: _t("Off Market"),
            gone: _t("Not there"),
        };
        const day = (text) => formatDate(DateTime.fromISO(text));
        return [names[bar.kind], bar.label, `${day(bar.from)} – ${day(bar.to)}`]
            .filter(Boolean)
            .join(", ");
    }

    openBar(bar) {
        return this.props.open(bar.kind === "lease" ? "property.lease" : "property.space", bar.id);
    }
}
