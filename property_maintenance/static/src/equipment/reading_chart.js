import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";

import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const GOOD = "#0f766e";
const BAD = "#dc2626";
const LIMIT = "#d97706";

/** The readings of a gauge as a line between its limits; abnormal ones are red. */
export class ReadingChart extends Component {
    static template = "property_maintenance.ReadingChart";
    static props = { ...standardFieldProps };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            (data) => {
                const chart = new Chart(this.canvas.el, this.configuration(data));
                return () => chart.destroy();
            },
            () => [this.props.record.data[this.props.name]]
        );
    }

    configuration(data) {
        const { points = [], low = null, high = null, unit = "" } = data || {};
        const limit = (label, value) => ({
            label,
            data: points.map(() => value),
            borderColor: LIMIT,
            borderDash: [6, 4],
            borderWidth: 1.5,
            pointRadius: 0,
        });
        const datasets = [
            {
                label: unit ? _t("Reading (%s)", unit) : _t("Reading"),
                data: points.map((point) => point.value),
                borderColor: GOOD,
                backgroundColor: GOOD,
                borderWidth: 2,
                pointRadius: points.length > 60 ? 1.5 : 3,
                pointBackgroundColor: points.map((point) => (point.bad ? BAD : GOOD)),
                pointBorderColor: points.map((point) => (point.bad ? BAD : GOOD)),
                tension: 0.2,
            },
        ];
        if (low !== null) {
            datasets.push(limit(_t("Least"), low));
        }
        if (high !== null) {
            datasets.push(limit(_t("Most"), high));
        }
        return {
            type: "line",
            data: { labels: points.map((point) => point.at), datasets },
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: { mode: "index", intersect: false },
                plugins: { legend: { position: "bottom" } },
                scales: { x: { ticks: { maxTicksLimit: 8, maxRotation: 0 } } },
            },
        };
    }
}

registry.category("fields").add("property_reading_chart", {
    component: ReadingChart,
    supportedTypes: ["json"],
});
