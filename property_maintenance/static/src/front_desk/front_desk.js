import { Component, onMounted, onWillStart, useExternalListener, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { uuid } from "@web/core/utils/strings";
import { useDebounced } from "@web/core/utils/timing";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useFocusLater } from "@property_base/core/focus_later";

const MODEL = "property.front.desk";
const LONGEST_SIDE = 1600; // pixels, as the server keeps them

/**
 * The front desk: who calls, what is already being done for that home, what is new, who goes.
 * The server finds people and decides everything; this only shows it and passes wishes on.
 */
export class FrontDesk extends Component {
    static template = "property_maintenance.FrontDesk";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.searchInput = useRef("search");
        this.focusLater = useFocusLater(this.root);
        this.turn = 0;
        this.state = useState({
            boot: null,
            text: "",
            asked: "",
            results: null,
            cursor: 0,
            place: null,
            draft: null,
            engineers: [],
            raised: null,
            busy: false,
        });
        this.searchSoon = useDebounced(() => this.search(), 150);
        useExternalListener(window, "keydown", (ev) => this.onKey(ev), { capture: true });
        onWillStart(async () => {
            this.state.boot = await this.orm.call(MODEL, "start", []);
        });
        onMounted(() => this.focusSearch());
    }

    focusSearch() {
        this.searchInput.el?.focus();
        this.searchInput.el?.select();
    }

    // Who calls ------------------------------------------------------------------------------

    onSearchInput() {
        this.state.cursor = 0;
        this.searchSoon();
    }

    async search() {
        const text = this.state.text.trim();
        const turn = ++this.turn;
        const results = text ? await this.orm.silent.call(MODEL, "search_callers", [text]) : null;
        if (turn === this.turn) {
            Object.assign(this.state, { results, asked: text, cursor: 0 });
        }
    }

    async openFound() {
        if (this.state.asked !== this.state.text.trim()) {
            await this.search();
        }
        const found = this.state.results?.[this.state.cursor];
        if (found) {
            await this.open(found.id, found.contact_id);
        }
    }

    /**
     * Show a home and start a request for it.
     *
     * @param {number} unitId
     * @param {number|false} contactId who was found, if it was a person
     */
    async open(unitId, contactId) {
        const place = await this.orm.call(MODEL, "open_unit", [unitId]);
        const people = place.people.map((one) => one.id);
        this.show(place, people.includes(contactId) ? contactId : people[0] || false);
    }

    /** Start a request for a public space of a site. */
    async openSite(siteId) {
        this.show(await this.orm.call(MODEL, "open_site", [siteId]), false);
    }

    onSitePicked(ev) {
        if (ev.target.value) {
            this.openSite(Number(ev.target.value));
        }
    }

    show(place, contactId) {
        Object.assign(this.state, {
            place,
            results: null,
            text: "",
            asked: "",
            raised: null,
            engineers: place.engineers,
            draft: {
                token: uuid() + uuid(),
                kind: "repair",
                category_id: "",
                contact_id: contactId,
                contact_name: "",
                contact_phone: "",
                place: "",
                description: "",
                preferred_at: "",
                is_urgent: false,
                assignee_id: "",
                files: [],
            },
        });
        this.searchInput.el?.blur();
        this.focusLater(".o_fd_what");
    }

    leave() {
        Object.assign(this.state, { place: null, draft: null, raised: null });
        this.focusSearch();
    }

    // What is already being done -------------------------------------------------------------

    openRequest(request) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "maintenance.request",
            res_id: request.id,
            views: [[false, "form"]],
        });
    }

    async urge(request) {
        await this.act(async () => {
            const { unit_id, site_id } = this.state.place;
            await this.orm.call("maintenance.request", "action_urge", [[request.id]]);
            const place = unit_id
                ? await this.orm.call(MODEL, "open_unit", [unit_id])
                : await this.orm.call(MODEL, "open_site", [site_id]);
            this.state.place.open = place.open;
            this.notification.add(_t("%s was urged.", request.number), { type: "success" });
        });
    }

    async revealPhone(person) {
        const action = await this.orm.call("res.partner", "action_reveal_phone", [[person.id]]);
        await this.action.doAction(action);
    }

    // What is new ----------------------------------------------------------------------------

    get categories() {
        const { kind } = this.state.draft;
        return this.state.boot.categories.filter((one) => !one.kind || one.kind === kind);
    }

    get category() {
        return this.state.boot.categories.find(
            (one) => one.id === Number(this.state.draft.category_id)
        );
    }

    get isSomebodyElse() {
        return !Number(this.state.draft.contact_id);
    }

    setKind(kind) {
        this.state.draft.kind = kind;
        if (!this.categories.includes(this.category)) {
            this.state.draft.category_id = "";
        }
    }

    async onFiles(ev) {
        const { draft, boot } = this.state;
        const room = boot.most_photos - draft.files.length;
        const chosen = [...ev.target.files].filter((file) => file.type.startsWith("image/"));
        for (const file of chosen.slice(0, room)) {
            draft.files.push({ name: file.name, url: await this.shrink(file) });
        }
        ev.target.value = "";
        if (chosen.length > room) {
            this.notification.add(_t("At most %s photos can be added.", boot.most_photos), {
                type: "warning",
            });
        }
    }

    /** Return a photo as the data URL of a small JPEG. */
    async shrink(file) {
        const bitmap = await createImageBitmap(file);
        const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
        const canvas = document.createElement("canvas");
        canvas.width = Math.round(bitmap.width * scale);
        canvas.height = Math.round(bitmap.height * scale);
        canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
        bitmap.close();
        return canvas.toDataURL("image/jpeg", 0.8);
    }

    dropFile(index) {
        this.state.draft.files.splice(index, 1);
    }

    async raise() {
        const { draft, place } = this.state;
        if (!draft || this.state.raised) {
            return;
        }
        await this.act(async () => {
            const { files, ...vals } = draft;
            this.state.raised = await this.orm.call(MODEL, "raise_request", [
                {
                    ...vals,
                    unit_id: place.unit_id || false,
                    site_id: place.site_id,
                    category_id: Number(vals.category_id) || false,
                    assignee_id: Number(vals.assignee_id) || false,
                    contact_id: Number(vals.contact_id) || false,
                    files: files.map((file) => file.url.split(",")[1]),
                },
            ]);
        });
    }

    async act(work) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            await work();
        } catch (error) {
            this.notification.add(error.data?.message || error.message || String(error), {
                type: "danger",
            });
        } finally {
            this.state.busy = false;
        }
    }

    // Keys -----------------------------------------------------------------------------------

    onKey(ev) {
        if (!this.root.el || ev.ctrlKey || ev.altKey || ev.metaKey || ev.isComposing) {
            return;
        }
        if (ev.target === this.searchInput.el ? this.onSearchKey(ev) : this.onMainKey(ev)) {
            ev.preventDefault();
            ev.stopPropagation();
        }
    }

    onSearchKey(ev) {
        const count = this.state.results?.length || 0;
        const moves = { ArrowDown: 1, ArrowUp: count - 1 };
        if (ev.key === "Enter") {
            this.openFound();
        } else if (ev.key in moves && count) {
            this.state.cursor = (this.state.cursor + moves[ev.key]) % count;
        } else if (ev.key === "Escape") {
            Object.assign(this.state, { text: "", results: null });
        } else {
            return this.onMainKey(ev);
        }
        return true;
    }

    onMainKey(ev) {
        const { raised, draft } = this.state;
        if (ev.key === "F2") {
            this.focusSearch();
        } else if (ev.key === "F9" && draft) {
            raised ? this.leave() : this.raise();
        } else if (ev.key === "F4" && draft && !raised) {
            draft.is_urgent = !draft.is_urgent;
        } else if (ev.key === "Escape" && draft && (raised || !draft.description.trim())) {
            // what is typed already is not thrown away by a key
            this.leave();
        } else if (ev.key === "Enter" && raised && !ev.target.matches("button, a")) {
            this.leave();
        } else {
            return false;
        }
        return true;
    }
}

registry.category("actions").add("property_maintenance.front_desk", FrontDesk);
