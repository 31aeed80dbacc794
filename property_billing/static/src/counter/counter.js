import {
    Component,
    onMounted,
    onPatched,
    onWillStart,
    onWillUnmount,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { uuid } from "@web/core/utils/strings";
import { useDebounced } from "@web/core/utils/timing";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useFocusLater } from "@property_base/core/focus_later";
import { ShiftPanel } from "./shift_panel";

const MODEL = "property.counter";
/** How often the screen looks for scanned money when no news comes by itself, in ms. */
const LOOK_EVERY = 4000;

/**
 * The counter: find a household, choose bills, enter what is paid, one key takes the money.
 * Every sum is reckoned on the server; this only shows it and passes wishes on.
 */
export class Counter extends Component {
    static template = "property_billing.Counter";
    static components = { ShiftPanel };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.searchInput = useRef("search");
        this.focusLater = useFocusLater(this.root);
        this.turns = { search: 0, preview: 0 };
        this.newest = {};
        this.token = uuid();
        this.state = useState({
            boot: null,
            text: "",
            asked: "",
            results: null,
            cursor: 0,
            house: null,
            chosen: {},
            itemId: null,
            until: "",
            late: true,
            amount: "",
            months: 0,
            deposit: null,
            tenders: [],
            shown: null,
            problem: "",
            panel: null,
            taken: null,
            takings: [],
            undoing: null,
            closed: null,
            reason: "",
            scan: null,
            busy: false,
        });
        this.bus = useService("bus_service");
        this.onScanNews = this.onScanNews.bind(this);
        this.searchSoon = useDebounced(() => this.search(), 120);
        this.previewLater = useDebounced(() => this.isStale && this.preview(), 120);
        useExternalListener(window, "keydown", (ev) => this.onKey(ev), { capture: true });
        onWillStart(() => this.start());
        onPatched(() => this.leaveHidden());
        onMounted(() => {
            this.focusSearch();
            this.bus.subscribe("property_scan_payment", this.onScanNews);
            this.looking = setInterval(() => this.lookAtScan(), LOOK_EVERY);
        });
        onWillUnmount(() => {
            this.bus.unsubscribe("property_scan_payment", this.onScanNews);
            clearInterval(this.looking);
        });
    }

    // Start --------------------------------------------------------------------------------

    async start(siteId) {
        this.state.boot = await this.orm.call(MODEL, "start", [siteId || null]);
        if (!this.state.boot.shift) {
            this.state.panel = "open";
        } else if (this.state.boot.scan) {
            this.showScan(this.state.boot.scan);
        }
    }

    /** Take the cursor out of a field behind a panel: what is typed then would change it unseen. */
    leaveHidden() {
        const field = document.activeElement;
        if (this.state.panel && field?.matches(".o_pc input") && !field.closest(".o_pc_veil")) {
            field.blur();
        }
    }

    focusSearch() {
        if (this.state.panel !== "open") {
            this.searchInput.el?.focus();
            this.searchInput.el?.select();
        }
    }

    // Search -------------------------------------------------------------------------------

    /**
     * Ask the server; an answer that a newer question overtook is dropped, and whoever waits for
     * it waits for the newer one: nobody waits for ever.
     */
    ask(kind, method, args, done, failed) {
        const turn = ++this.turns[kind];
        const asked = this.orm.silent.call(MODEL, method, args).then(
            (answer) => (turn === this.turns[kind] ? done(answer) : this.newest[kind]),
            (error) => (turn === this.turns[kind] ? failed(error) : this.newest[kind])
        );
        this.newest[kind] = asked;
        return asked;
    }

    onSearchInput() {
        this.state.cursor = 0;
        this.searchSoon();
    }

    async search() {
        const text = this.state.text.trim();
        if (!text) {
            this.turns.search++;
            this.newest.search = undefined;
            Object.assign(this.state, { results: null, asked: "" });
            return;
        }
        await this.ask(
            "search",
            "search_households",
            [text],
            (results) => Object.assign(this.state, { results, asked: text, cursor: 0 }),
            (error) => this.complain(error)
        );
    }

    async openFound() {
        if (this.state.asked !== this.state.text.trim()) {
            await this.search();
        }
        const found = this.state.results?.[this.state.cursor];
        if (found) {
            await this.open(found.id);
        }
    }

    async open(unitId) {
        const house = await this.orm.call(MODEL, "open_household", [unitId]);
        const chosen = {};
        for (const bill of house.bills) {
            chosen[bill.id] = true;
        }
        Object.assign(this.state, {
            house,
            chosen,
            results: null,
            text: "",
            asked: "",
            cursor: 0,
            itemId: null,
            until: "",
            late: true,
            amount: "",
            months: 0,
            deposit: null,
            tenders: [],
            shown: null,
            problem: "",
            panel: null,
            scan: null,
            taken: null,
        });
        this.token = uuid();
        this.searchInput.el?.blur();
        await this.preview();
    }

    leave() {
        Object.assign(this.state, { house: null, shown: null, taken: null, panel: null });
        this.focusSearch();
    }

    // Choosing -----------------------------------------------------------------------------

    get months() {
        return [...new Set(this.state.house.bills.map((bill) => bill.month))].sort();
    }

    get items() {
        const items = new Map();
        for (const bill of this.state.house.bills) {
            items.set(bill.item_id, bill.item);
        }
        return [...items].map(([id, name]) => ({ id, name }));
    }

    get groups() {
        const groups = new Map(this.months.map((month) => [month, { month, bills: [], all: true }]));
        for (const bill of this.state.house.bills) {
            const group = groups.get(bill.month);
            group.bills.push(bill);
            group.all &&= this.state.chosen[bill.id];
        }
        return [...groups.values()];
    }

    get billIds() {
        return this.state.house.bills
            .filter((bill) => this.state.chosen[bill.id])
            .map((bill) => bill.id);
    }

    get isAll() {
        return this.billIds.length === this.state.house.bills.length;
    }

    choose(test) {
        const chosen = {};
        for (const bill of this.state.house.bills) {
            chosen[bill.id] = test(bill);
        }
        this.state.chosen = chosen;
        this.preview();
    }

    toggle(bill) {
        this.state.chosen[bill.id] = !this.state.chosen[bill.id];
        this.preview();
    }

    toggleGroup(group) {
        for (const bill of group.bills) {
            this.state.chosen[bill.id] = !group.all;
        }
        this.preview();
    }

    chooseAll() {
        const all = !this.isAll;
        Object.assign(this.state, { itemId: null, until: "", amount: "" });
        this.choose(() => all);
    }

    chooseItem(itemId) {
        Object.assign(this.state, { itemId, until: "" });
        this.choose((bill) => !itemId || bill.item_id === itemId);
    }

    onItemPicked(ev) {
        this.chooseItem(Number(ev.target.value) || null);
    }

    nextItem() {
        const ids = [null, ...this.items.map((item) => item.id)];
        this.chooseItem(ids[(ids.indexOf(this.state.itemId) + 1) % ids.length]);
    }

    chooseUntil(month) {
        Object.assign(this.state, { until: month, itemId: null });
        this.choose((bill) => !month || bill.month <= month);
    }

    nextMonth() {
        const months = ["", ...this.months];
        this.chooseUntil(months[(months.indexOf(this.state.until) + 1) % months.length]);
    }

    toggleLate() {
        this.state.late = !this.state.late;
        this.preview();
    }

    payAhead(months) {
        this.state.months = Math.max(0, Math.min(36, months));
        this.preview();
    }

    // Deposits -----------------------------------------------------------------------------

    /** Take a deposit of a kind with its usual amount, or none. */
    chooseDeposit(type) {
        const payer = this.state.deposit?.payer_id || this.state.house.deposit_payers[0]?.id;
        this.state.deposit = type
            ? { type_id: type.id, payer_id: payer, amount: Number(type.amount) ? type.amount : "", note: "" }
            : null;
        if (type) {
            this.focusLater(".o_pc_deposit_amount");
        }
        this.preview();
    }

    /** The next kind of deposit, and none after the last. */
    nextDeposit() {
        const types = this.state.house.deposit_types;
        const at = types.findIndex((type) => type.id === this.state.deposit?.type_id);
        this.chooseDeposit(types[at + 1]);
    }

    onDepositPayer(ev) {
        this.state.deposit.payer_id = Number(ev.target.value);
        this.preview();
    }

    // Paying -------------------------------------------------------------------------------

    spec() {
        const { house, late, amount, months, deposit, tenders } = this.state;
        const seen = {};
        for (const bill of house.bills) {
            seen[bill.id] = [bill.residual, bill.late_fee];
        }
        return {
            unit_id: house.unit.id,
            bill_ids: this.billIds,
            late_fees: late,
            amount,
            months,
            deposit: deposit && { ...deposit },
            tenders: tenders.map(({ method_id, amount, reference }) => ({
                method_id,
                amount,
                reference,
            })),
            seen,
        };
    }

    /** Reckon again once the typing pauses. */
    previewSoon() {
        this.isStale = true;
        this.previewLater();
    }

    async preview({ quiet = false } = {}) {
        this.isStale = false;
        if (!this.state.house) {
            return;
        }
        await this.ask(
            "preview",
            "preview",
            [this.spec()],
            (shown) => Object.assign(this.state, { shown, problem: "" }),
            (error) => {
                this.state.problem = quiet ? "" : this.message(error);
            }
        );
    }

    addTender(method) {
        const known = this.state.tenders.findIndex((one) => one.method_id === method.id);
        if (known < 0) {
            this.state.tenders.push({ method_id: method.id, amount: "", reference: "" });
        }
        const index = known < 0 ? this.state.tenders.length - 1 : known;
        this.focusLater(".o_pc_tender .o_pc_money", index);
        this.preview();
    }

    removeTender(index) {
        this.state.tenders.splice(index, 1);
        this.preview();
    }

    method(methodId) {
        return this.state.boot.methods.find((one) => one.id === methodId);
    }

    get isReady() {
        const shown = this.state.shown;
        return (
            shown && Number(shown.due) > 0 && !Number(shown.missing) && !Number(shown.too_much)
        );
    }

    async take() {
        if (this.state.busy || !this.state.house || !this.state.shown) {
            return;
        }
        if (!this.state.boot.shift) {
            this.state.panel = "open";
            return;
        }
        this.state.busy = true;
        try {
            if (this.isStale) {
                await this.preview();
                if (!this.isReady) {
                    return;
                }
            }
            const spec = { ...this.spec(), due: this.state.shown.due };
            if (this.scanned) {
                this.showScan(await this.orm.call(MODEL, "scan_start", [spec, this.token]));
                return;
            }
            const taken = await this.orm.call(MODEL, "take", [spec, this.token]);
            this.token = uuid();
            Object.assign(this.state, { taken, panel: "done" });
            this.state.boot.shift = taken.shift;
            this.print(taken.print_url);
        } catch (error) {
            await this.preview({ quiet: true });
            this.state.problem = this.message(error);
        } finally {
            this.state.busy = false;
        }
    }

    // Paying by scan -------------------------------------------------------------------------

    /** The way to pay that shows a code, if one is chosen. */
    get scanned() {
        return this.state.tenders.find((one) => this.method(one.method_id).is_scan);
    }

    /** Show how a payment by scan is going: the code, the receipt, or why it ended. */
    async showScan(scan) {
        const before = this.state.scan;
        if (scan.taken && scan.state === "done") {
            Object.assign(this.state, { scan: null, taken: scan.taken, panel: "done" });
            this.state.boot.shift = scan.taken.shift;
            this.token = uuid();
            this.print(scan.taken.print_url);
            return;
        }
        if (scan.state === "waiting") {
            if (before?.id === scan.id) {
                scan.qr = before.qr;
            }
            Object.assign(this.state, { scan, panel: "scan" });
            return;
        }
        Object.assign(this.state, { scan, panel: "scanover" });
        this.token = uuid();
        if (scan.note) {
            await this.readNotes();
        }
        await this.preview({ quiet: true });
    }

    async lookAtScan() {
        const scan = this.state.scan;
        if (this.state.panel !== "scan" || this.isLooking) {
            return;
        }
        this.isLooking = true;
        try {
            const now = await this.orm.silent.call(MODEL, "scan_state", [scan.id]);
            if (this.state.panel === "scan" && this.state.scan?.id === scan.id) {
                await this.showScan(now);
            }
        } catch {
            // the next look tells more; a broken line is no reason to give the payment up
        } finally {
            this.isLooking = false;
        }
    }

    async onScanNews({ id }) {
        if (this.state.scan?.id === id) {
            await this.lookAtScan();
        } else {
            await this.readNotes();
        }
    }

    async readNotes() {
        const boot = await this.orm.silent.call(MODEL, "start", [this.state.boot.site_id]);
        this.state.boot.notes = boot.notes;
    }

    async putNoteAway(note) {
        await this.orm.call(MODEL, "scan_read_note", [note.id]);
        this.state.boot.notes = this.state.boot.notes.filter((one) => one.id !== note.id);
    }

    async cancelScan() {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            await this.showScan(
                await this.orm.call(MODEL, "scan_cancel", [this.state.scan.id])
            );
        } catch (error) {
            this.complain(error);
        } finally {
            this.state.busy = false;
        }
    }

    /** Back to the household after a payment that did not come. */
    async leaveScan() {
        const { scan, house } = this.state;
        if (!house || house.unit.id === scan.unit_id) {
            // the panel stays until the household is there: what is typed before would be lost
            await this.open(scan.unit_id);
        } else {
            Object.assign(this.state, { scan: null, panel: null });
        }
    }

    get scanSteps() {
        return {
            "": _t("Waiting for the payer to scan"),
            draft: _t("The payer is paying"),
            pending: _t("The money is on its way"),
            authorized: _t("The money is on its way"),
            error: _t("The payment did not go through; the payer can try again"),
            cancel: _t("The payer stopped; the code can be scanned again"),
            done: _t("The money is here"),
        };
    }

    get scanEnds() {
        return {
            cancelled: _t("Given up: the bills are free again."),
            expired: _t("Nobody paid in time: the bills are free again."),
            kept: _t("The money arrived, but not as it was asked for."),
            done: _t("The money is here"),
        };
    }

    /** Print without leaving the screen. */
    print(url) {
        if (!url) {
            return;
        }
        document.querySelector("iframe.o_pc_print")?.remove();
        const frame = document.createElement("iframe");
        frame.className = "o_pc_print";
        frame.addEventListener("load", () => {
            try {
                frame.contentWindow.print();
            } catch {
                window.open(url, "_blank");
            }
        });
        frame.src = url;
        document.body.appendChild(frame);
    }

    async reprint(taking) {
        const url = taking.print_url || (await this.orm.call(MODEL, "print_url", [taking.id]));
        this.print(url);
    }

    // Undo ---------------------------------------------------------------------------------

    async showTakings() {
        this.state.takings = await this.orm.call(MODEL, "last_takings", []);
        Object.assign(this.state, { panel: "takings", cursor: 0 });
    }

    askUndo(taking) {
        Object.assign(this.state, { undoing: taking, reason: "", panel: "undo" });
        this.focusLater(".o_pc_reason");
    }

    async undo() {
        if (this.state.busy || !this.state.undoing) {
            return;
        }
        this.state.busy = true;
        try {
            const { undoing, reason } = this.state;
            await this.orm.call(MODEL, "undo", [undoing.id, reason]);
            this.notification.add(_t("%s is undone; the bills are open again.", undoing.name), {
                type: "success",
            });
            Object.assign(this.state, { undoing: null, panel: null, taken: null });
            await this.start(this.state.boot.site_id);
            if (this.state.house) {
                await this.open(this.state.house.unit.id);
            }
        } catch (error) {
            this.complain(error);
        } finally {
            this.state.busy = false;
        }
    }

    // Shift --------------------------------------------------------------------------------

    showShift() {
        this.state.panel = this.state.boot.shift ? "close" : "open";
    }

    async onShiftOpened(siteId) {
        this.state.panel = null;
        await this.start(siteId);
        this.focusSearch();
    }

    async onShiftClosed(result) {
        Object.assign(this.state, { panel: "closed", house: null, closed: result });
        this.state.boot.shift = false;
        this.print(result.print_url);
    }

    // Keys ---------------------------------------------------------------------------------

    get keys() {
        return {
            F2: () => this.focusSearch(),
            F3: () => this.chooseAll(),
            F4: () => this.nextItem(),
            F6: () => this.nextMonth(),
            F7: () => this.root.el.querySelector(".o_pc_amount")?.focus(),
            F8: (ev) => this.payAhead(this.state.months + (ev.shiftKey ? -1 : 1)),
            F9: () => this.take(),
            F10: () => this.showTakings(),
        };
    }

    onKey(ev) {
        if (!this.root.el || ev.ctrlKey || ev.altKey || ev.metaKey || ev.isComposing) {
            return;
        }
        const handled = this.state.panel ? this.onPanelKey(ev) : this.onMainKey(ev);
        if (handled) {
            ev.preventDefault();
            ev.stopPropagation();
        }
    }

    onMainKey(ev) {
        const inSearch = ev.target === this.searchInput.el;
        if (ev.key === "F1") {
            this.showShift();
            return true;
        }
        if (ev.key in this.keys) {
            if (this.state.house || ["F2", "F10"].includes(ev.key)) {
                this.keys[ev.key](ev);
            }
            return true;
        }
        if (inSearch) {
            return this.onSearchKey(ev);
        }
        if (ev.key === "Enter" && ev.target.matches("input.o_pc_text")) {
            // the keys of the counter work again
            ev.target.blur();
            return true;
        }
        const onButton = ev.target.matches("button, a") && ["Enter", " "].includes(ev.key);
        if (onButton || ev.target.matches("input.o_pc_text, textarea, select")) {
            return false;
        }
        return this.state.house && this.onHouseKey(ev);
    }

    onSearchKey(ev) {
        const count = this.state.results?.length || 0;
        if (ev.key === "Enter") {
            this.openFound();
        } else if (ev.key === "ArrowDown" && count) {
            this.state.cursor = (this.state.cursor + 1) % count;
        } else if (ev.key === "ArrowUp" && count) {
            this.state.cursor = (this.state.cursor + count - 1) % count;
        } else if (ev.key === "Escape") {
            Object.assign(this.state, { text: "", results: null });
            this.searchInput.el.blur();
        } else {
            return false;
        }
        return true;
    }

    onHouseKey(ev) {
        const inMoney = ev.target.matches("input");
        const bills = this.state.house.bills;
        const method = this.state.boot.methods.find((one) => one.key === ev.key.toUpperCase());
        if (method && ev.key.length === 1) {
            this.addTender(method);
        } else if (ev.key.toUpperCase() === "D") {
            this.nextDeposit();
        } else if (ev.key.toUpperCase() === "L") {
            this.toggleLate();
        } else if (ev.key === "Enter") {
            this.enter();
        } else if (ev.key === "Escape") {
            this.leave();
        } else if (ev.key === "Delete" && !inMoney && this.state.tenders.length) {
            this.removeTender(this.state.tenders.length - 1);
        } else if (ev.key === "ArrowDown" && bills.length) {
            this.state.cursor = Math.min(this.state.cursor + 1, bills.length - 1);
        } else if (ev.key === "ArrowUp" && bills.length) {
            this.state.cursor = Math.max(this.state.cursor - 1, 0);
        } else if (ev.key === " " && !inMoney && bills.length) {
            this.toggle(this.rows[this.state.cursor]);
        } else {
            return false;
        }
        return true;
    }

    /** Bills in the order they are shown in. */
    get rows() {
        return this.groups.flatMap((group) => group.bills);
    }

    async enter() {
        await this.preview();
        if (this.isReady) {
            await this.take();
        } else if (!this.state.tenders.length) {
            this.notification.add(_t("Choose how it is paid: press the letter of a way to pay."), {
                type: "info",
            });
        }
    }

    onPanelKey(ev) {
        const { panel, taken, takings, cursor } = this.state;
        if (panel === "scan") {
            if (ev.key === "Escape") {
                this.cancelScan();
            }
            return true;
        }
        if (panel === "scanover") {
            if (["Enter", "Escape"].includes(ev.key)) {
                this.leaveScan();
            }
            return true;
        }
        if (ev.key === "Escape") {
            panel === "done" || panel === "closed" ? this.leave() : (this.state.panel = null);
            return true;
        }
        if (panel === "done") {
            return this.onDoneKey(ev, taken);
        }
        if (panel === "closed") {
            return this.onClosedKey(ev);
        }
        if (panel === "takings" && takings.length) {
            const moves = { ArrowDown: 1, ArrowUp: -1 };
            if (ev.key in moves) {
                this.state.cursor = (cursor + moves[ev.key] + takings.length) % takings.length;
            } else if (ev.key === "Enter" && takings[cursor].can_undo) {
                this.askUndo(takings[cursor]);
            } else if (ev.key.toUpperCase() === "R") {
                this.reprint(takings[cursor]);
            } else {
                return false;
            }
            return true;
        }
        if (panel === "undo" && ev.key === "Enter") {
            this.undo();
            return true;
        }
        return false;
    }

    onClosedKey(ev) {
        if (ev.key === "Enter") {
            this.state.panel = "open";
        } else if (ev.key.toUpperCase() === "R") {
            this.print(this.state.closed.print_url);
        } else {
            return false;
        }
        return true;
    }

    onDoneKey(ev, taken) {
        if (ev.key === "Enter" || ev.key === "F2") {
            this.leave();
        } else if (ev.key.toUpperCase() === "R") {
            this.reprint(taken);
        } else if (ev.key === "F10" && taken.can_undo) {
            this.askUndo(taken);
        } else {
            return false;
        }
        return true;
    }

    // Showing ------------------------------------------------------------------------------

    money(text) {
        return Number(text || 0).toLocaleString("zh-CN", {
            minimumFractionDigits: 2,
            maximumFractionDigits: 2,
        });
    }

    lateText(days) {
        return _t("%s days late", days);
    }

    /** The discount a bill gets now, if any. */
    offer(bill) {
        return this.state.shown?.discounts[bill.id];
    }

    get monthsText() {
        return _t("%s months", this.state.months);
    }

    isSome(text) {
        return Number(text || 0) !== 0;
    }

    /** What went wrong, in the server's words. */
    message(error) {
        return error.data?.message || error.message || String(error);
    }

    complain(error) {
        this.notification.add(this.message(error), { type: "danger" });
    }
}

registry.category("actions").add("property_billing.counter", Counter);
