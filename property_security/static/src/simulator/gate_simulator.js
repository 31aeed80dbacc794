import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const MODEL = "property.gate.simulator";
const POLL = 2000; // ms between the questions of a device
const PASSING = 2600; // ms that a barrier stays up

/** A lane that one can drive a car through. It speaks to the server as a camera does. */
export class GateSimulator extends Component {
    static template = "property_security.GateSimulator";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({
            places: [],
            key: null,
            code: "",
            plates: [],
            plate: "",
            confidence: 98,
            phase: "empty", // empty, waiting, passing, refused
            lines: [],
            sent: "",
            answer: null,
            stay: null,
            error: "",
            isBusy: false,
        });
        this.done = new Set();
        this.timers = new Set();
        onWillStart(async () => {
            this.state.places = await this.orm.call(MODEL, "start", []);
            if (this.state.places.length) {
                await this.choose(this.state.places[0].key);
            }
        });
        onWillUnmount(() => this.timers.forEach((timer) => browser.clearTimeout(timer)));
    }

    get place() {
        return this.state.places.find((place) => place.key === this.state.key);
    }

    get isDoor() {
        return this.place.kind === "door";
    }

    get fee() {
        return this.state.stay && "amount" in this.state.stay
            ? _t("Fee: ¥%(amount)s", { amount: this.state.stay.amount.toFixed(2) })
            : "";
    }

    later(work, delay) {
        const timer = browser.setTimeout(() => {
            this.timers.delete(timer);
            work();
        }, delay);
        this.timers.add(timer);
    }

    async choose(key) {
        Object.assign(this.state, { key, phase: "empty", lines: [], stay: null, error: "" });
        if (!this.isDoor) {
            this.state.plates = await this.orm.call(MODEL, "plates", [this.place.id]);
            this.state.plate = this.state.plates[0] || "";
        }
    }

    /** Send a signed request as a device does; who is signed in here does not matter there. */
    async speak(request) {
        const response = await browser.fetch(request.path, {
            method: request.method,
            headers: { ...request.headers, "Content-Type": "application/json" },
            body: request.method === "POST" ? request.body : undefined,
        });
        return { status: response.status, answer: await response.json() };
    }

    /** Hold a card or a code to the reader of a door. */
    async swipe(isCard) {
        await this.send("swipe", [this.place.id, this.state.code, isCard], (answer) => {
            this.state.lines = answer.display;
            this.state.phase = answer.open ? "passing" : "refused";
            this.later(() => Object.assign(this.state, { phase: "empty" }), PASSING);
        });
    }

    async drive() {
        const { plate, confidence } = this.state;
        await this.send("message", [this.place.id, plate, confidence], (answer) =>
            this.show(answer.results[0])
        );
    }

    /** Have a message signed, send it, and show what becomes of it. */
    async send(method, values, show) {
        Object.assign(this.state, { isBusy: true, error: "", stay: null, phase: "waiting" });
        try {
            const request = await this.orm.call(MODEL, method, values);
            this.state.sent = `${request.method} ${request.path}\n${this.pretty(request)}`;
            const { status, answer } = await this.speak(request);
            this.state.answer = JSON.stringify(answer, null, 2);
            if (status === 200) {
                await show(answer);
            } else {
                Object.assign(this.state, { error: answer.error.message, phase: "empty" });
            }
        } finally {
            this.state.isBusy = false;
        }
    }

    pretty(request) {
        const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`);
        return [...headers, "", JSON.stringify(JSON.parse(request.body), null, 2)].join("\n");
    }

    async show(result) {
        this.state.lines = result.display;
        this.result = result;
        if (result.passage) {
            this.state.stay = await this.orm.call(MODEL, "stay", [result.passage]);
        }
        if (result.open) {
            await this.open(result.command);
        } else if (result.decision === "refuse") {
            this.state.phase = "refused";
        } else {
            this.later(() => this.poll(), POLL); // the guard, or the driver's phone, may open it
        }
    }

    async poll() {
        if (this.state.phase !== "waiting") {
            return;
        }
        const request = await this.orm.call(MODEL, "poll", [this.place.id]);
        const { answer } = await this.speak(request);
        const fresh = (answer.commands || []).find(
            (one) => one.command === "open" && !this.done.has(one.id)
        );
        if (fresh) {
            this.state.lines = [this.state.lines[0], _t("Please drive on")];
            await this.open(fresh.id);
        } else {
            this.later(() => this.poll(), POLL);
        }
    }

    /** Raise the barrier once for a command, and confirm it. */
    async open(command) {
        this.state.phase = "passing";
        if (command && !this.done.has(command)) {
            this.done.add(command);
            await this.speak(await this.orm.call(MODEL, "answer", [this.place.id, command]));
        }
        this.later(() => this.gone(), PASSING);
    }

    async gone() {
        this.state.phase = "empty";
        this.state.plates = await this.orm.call(MODEL, "plates", [this.place.id]);
    }
}

registry.category("actions").add("property_security.gate_simulator", GateSimulator);
