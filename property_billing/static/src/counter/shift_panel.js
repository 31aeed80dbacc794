import { Component, onMounted, onWillStart, useExternalListener, useRef, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

const MODEL = "property.counter";
const DENOMINATIONS = ["100", "50", "20", "10", "5", "1", "0.5", "0.1"];

/** Read a number as the server does: full-width digits, a Chinese stop, thousands apart. */
function typedNumber(text) {
    const plain = String(text ?? "")
        .normalize("NFKC")
        .replace(/。/g, ".")
        .replace(/[,\s]/g, "");
    return Number(plain) || 0;
}

/** Opening a shift with its float, or closing it with what was counted. */
export class ShiftPanel extends Component {
    static template = "property_billing.CounterShift";
    static props = {
        boot: Object,
        mode: String,
        money: Function,
        onOpened: Function,
        onClosed: Function,
        onCancel: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.root = useRef("root");
        this.denominations = DENOMINATIONS;
        this.state = useState({
            siteId: this.props.boot.site_id,
            float: "0",
            figures: [],
            numbers: Object.fromEntries(DENOMINATIONS.map((value) => [value, ""])),
            counted: {},
            why: {},
            note: "",
            problem: "",
            busy: false,
        });
        useExternalListener(window, "keydown", (ev) => this.onKey(ev), { capture: true });
        onWillStart(async () => {
            if (this.props.mode === "close") {
                this.state.figures = await this.orm.call(MODEL, "shift_figures", []);
            }
        });
        onMounted(() => {
            const input = this.root.el.querySelector("input");
            input?.focus();
            input?.select();
        });
    }

    onKey(ev) {
        const isEnter = ev.key === "Enter" && ev.target.matches?.("input");
        if (ev.key === "F9" || (isEnter && this.props.mode === "open")) {
            ev.preventDefault();
            ev.stopPropagation();
            this.confirm();
        } else if (isEnter) {
            ev.preventDefault();
            ev.stopPropagation();
            const inputs = [...this.root.el.querySelectorAll("input")];
            inputs[inputs.indexOf(ev.target) + 1]?.focus();
        }
    }

    /** What the notes and coins add up to, for the eye; the server counts again. */
    get cash() {
        return DENOMINATIONS.reduce(
            (sum, value) => sum + Number(value) * typedNumber(this.state.numbers[value]),
            0
        );
    }

    difference(figure) {
        const counted = figure.is_cash ? this.cash : this.state.counted[figure.method_id];
        if (counted === undefined || counted === "") {
            return 0;
        }
        return Math.round((typedNumber(counted) - Number(figure.expected)) * 100) / 100;
    }

    async confirm() {
        if (this.state.busy) {
            return;
        }
        Object.assign(this.state, { busy: true, problem: "" });
        try {
            await (this.props.mode === "open" ? this.openShift() : this.closeShift());
        } catch (error) {
            this.state.problem = error.data?.message || error.message;
        } finally {
            this.state.busy = false;
        }
    }

    async openShift() {
        const siteId = Number(this.state.siteId);
        await this.orm.call(MODEL, "open_shift", [siteId, this.state.float || "0"]);
        await this.props.onOpened(siteId);
    }

    async closeShift() {
        const { numbers, counted, why, note } = this.state;
        await this.props.onClosed(
            await this.orm.call(MODEL, "close_shift", [numbers, counted, why, note])
        );
    }
}
