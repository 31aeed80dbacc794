import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";

/** A chart that calls back with the index of the bar somebody clicks. */
export class LeaseChart extends Component {
    static template = "property_leasing.LeaseChart";
    static props = {
        label: String,
        labels: Array,
        datasets: Array,
        stacked: { type: Boolean, optional: true },
        horizontal: { type: Boolean, optional: true },
        format: { type: Function, optional: true },
        onChoose: { type: Function, optional: true },
    };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                const chart = new Chart(this.canvas.el, this.configuration());
                return () => chart.destroy();
            },
            () => [JSON.stringify([this.props.labels, this.props.datasets])]
        );
    }

    configuration() {
        const { labels, datasets, stacked, horizontal, format, onChoose } = this.props;
        const write = format || ((value) => value.toLocaleString());
        const values = { stacked, beginAtZero: true, ticks: { callback: write, maxTicksLimit: 6 } };
        const names = { stacked, grid: { display: false }, ticks: { autoSkip: !horizontal } };
        return {
            type: "bar",
            data: { labels, datasets: datasets.map((one) => ({ maxBarThickness: 36, ...one })) },
            options: {
                animation: false,
                maintainAspectRatio: false,
                indexAxis: horizontal ? "y" : "x",
                interaction: { mode: "index", intersect: false, axis: horizontal ? "y" : "x" },
                onClick: (_event, found) => found.length && onChoose && onChoose(found[0].index),
                plugins: {
                    legend: { display: datasets.length > 1, position: "bottom" },
                    tooltip: {
                        callbacks: {
                            label: (item) =>
                                `${item.dataset.label}: ${write(item.raw, item.dataset.label)}`,
                        },
                    },
                },
                scales: horizontal ? { x: values, y: names } : { x: names, y: values },
            },
        };
    }
}
