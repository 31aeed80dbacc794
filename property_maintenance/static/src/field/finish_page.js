import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Photos } from "@inspection_round/field/core/photos";
import { useField } from "@inspection_round/field/core/use_field";
import { eventName } from "./steps";

const MOST_PHOTOS = 9;
const EMPTY = { kind: "material", name: "", quantity: "1", price: "", is_chargeable: false };

/** Finishing an order, or quoting: material and labour, checklist, remark, photos; kept at every step. */
export class FinishPage extends Component {
    static template = "property_maintenance.FieldFinish";
    static components = { Photos };
    static props = { orderId: Number, event: String };

    setup() {
        this.field = useField();
        this.seen = this.order;
        const ticked = this.seen.tasks.filter((task) => task.is_done).map((task) => task.id);
        this.state = useState({ note: "", lines: [], tasks: ticked, files: [], isBusy: false });
        onWillStart(() => this.restore());
        if (this.props.event === "quote") {
            this.addLine();
        }
    }

    get order() {
        const { orders = [] } = this.field.data("orders");
        return orders.find((one) => one.id === this.props.orderId) || this.seen;
    }

    get draft() {
        return `order-${this.props.event}-${this.props.orderId}`;
    }

    get isDone() {
        return this.props.event === "done";
    }

    get hasRoom() {
        return this.state.files.length < MOST_PHOTOS;
    }

    get total() {
        return this.state.lines.reduce(
            (sum, line) => sum + (Number(line.quantity) || 0) * (Number(line.price) || 0),
            0
        );
    }

    get buttonName() {
        return eventName(this.props.event);
    }

    /** Take up what was filled in before the page was closed. */
    async restore() {
        const kept = await this.field.draft(this.draft);
        if (kept) {
            Object.assign(this.state, kept);
        }
    }

    keep() {
        const { note, lines, tasks, files } = this.state;
        return this.field.saveDraft(this.draft, { note, lines, tasks, files });
    }

    write(owner, name, value) {
        owner[name] = value;
        this.keep();
    }

    addLine() {
        const is_chargeable = this.order.is_chargeable || !this.isDone;
        this.state.lines.push({ ...EMPTY, is_chargeable });
    }

    dropLine(index) {
        this.state.lines.splice(index, 1);
        this.keep();
    }

    tick(task) {
        const { tasks } = this.state;
        tasks.includes(task.id) ? tasks.splice(tasks.indexOf(task.id), 1) : tasks.push(task.id);
        this.keep();
    }

    async take(file) {
        const name = await this.field.photo(file, [`${this.order.number} ${this.order.where}`]);
        if (name && !this.state.files.includes(name)) {
            this.state.files.push(name);
            await this.keep();
        }
    }

    drop(name) {
        this.state.files.splice(this.state.files.indexOf(name), 1);
        this.keep();
    }

    /** What is missing, in a sentence; nothing when it can be sent. */
    get gap() {
        const open = this.order.tasks.find(
            (task) => task.is_required && !this.state.tasks.includes(task.id)
        );
        if (this.isDone && open) {
            return _t("Tick what is done: %(task)s", { task: open.name });
        }
        for (const line of this.state.lines) {
            if (!line.name.trim() || !(Number(line.quantity) > 0) || !(Number(line.price) >= 0)) {
                return _t("Material and labour need a name, a quantity and a price.");
            }
        }
        const isOffered = this.state.lines.some((line) => line.is_chargeable && Number(line.price));
        return this.isDone || isOffered ? "" : _t("Enter what the resident has to pay.");
    }

    async submit() {
        if (this.gap) {
            this.field.feedback.bad();
            this.field.toast(this.gap, "bad");
            return;
        }
        this.state.isBusy = true;
        const { note, lines, tasks, files } = JSON.parse(JSON.stringify(this.state));
        const payload = {
            request: this.order.id,
            event: this.props.event,
            note: note.trim(),
            lines: lines.map((line) => ({
                ...line,
                name: line.name.trim(),
                quantity: Number(line.quantity),
                price: Number(line.price) || 0,
            })),
            tasks,
            files,
        };
        const entry = await this.field.send("request_step", payload, files, this.draft);
        this.state.isBusy = false;
        if (entry) {
            this.field.feedback.good();
            this.field.toast(this.buttonName, "good");
            this.field.back();
        }
    }
}
