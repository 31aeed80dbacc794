/**
 * The service `field`: what a screen of the field app may ask for.
 *
 * A screen is registered with `registry.category("field_screens").add(key, {component, icon,
 * sequence, badge})`, what it sends with `registry.category("field_sync").add(handler, {label,
 * subject, apply, onAnswer})`:
 *   label(payload, field)        what people call the entry
 *   subject(payload)             what it is about: of one subject nothing is sent before what was
 *                                done earlier has arrived or was refused
 *   apply(data, payload, {state}) shows in the work of the employee what is not in it yet; state is
 *                                "waiting", "failed" or "done"
 *   onAnswer(answer, payload, field)
 */

import { reactive } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { StorageFull, get, transact } from "./database";
import * as feedback from "./feedback";
import { NoAnswer, ask } from "./http";
import { keep, compress } from "./photo";
import { Position } from "./position";
import { Queue } from "./queue";
import { Work } from "./work";

const TOAST = 3500; // ms

export class Field {
    constructor() {
        this.state = reactive({
            isReady: false,
            epoch: 0, // grows with the language
            employee: null,
            screens: [],
            view: {}, // the work, with what is not sent yet
            entries: [],
            isOnline: navigator.onLine,
            isSending: false,
            isLapsed: false, // the session, of an employee whose work is here
            isRegistered: false, // the key of the employee on this phone
            problem: "",
            readAt: null,
            tab: null,
            stack: [],
            toasts: [],
            dialog: null,
            scanner: null,
            isMaking: false, // a photo: whatever is tapped meanwhile would go without it
            update: null,
            openedCode: "", // of the label whose address opened the app
        });
        this.queueStore = new Queue();
        this.position = new Position();
        this.feedback = feedback;
        this.work = new Work(this);
        this.sending = new Set(); // what is on its way to the disk
    }

    // -- what screens read

    /** The work of the signed-in employee for a screen, as if everything queued had arrived. */
    data(key) {
        return this.state.view[key] || {};
    }

    /** Say whether an entry is of who is signed in, also if of another of his companies. */
    isOwn(entry) {
        const { id, ids = [id] } = this.state.employee || {};
        return ids.includes(entry.employee);
    }

    /** Entries of the signed-in employee that are not sent. */
    get queue() {
        return this.state.entries.filter((entry) => this.isOwn(entry));
    }

    /** Sentences about the entries of others who signed in on this phone. */
    get othersNotices() {
        const counts = {};
        for (const entry of this.state.entries.filter((one) => !this.isOwn(one))) {
            counts[entry.employeeName] = (counts[entry.employeeName] || 0) + 1;
        }
        return Object.entries(counts).map(([name, count]) =>
            _t("%(name)s has %(count)s entries here that are not sent. They go out when this employee signs in.", {
                name,
                count,
            })
        );
    }

    // -- what screens do

    /**
     * Queue an entry. It is on the disk once this has returned, and is sent when there is a network.
     *
     * @param {string} handler
     * @param {Object} payload
     * @param {string[]} [files] photos, as `photo` returned them
     * @param {string} [draft] id of a draft that this ends
     * @returns {Promise<Object | null>} the entry; nothing when it could not be kept, and was said so,
     *   when the same is being queued: the button was tapped twice, or when a photo is being made: it
     *   was tapped before the veil was drawn
     */
    async send(handler, payload, files = [], draft) {
        const what = JSON.stringify([handler, payload]);
        if (this.state.isMaking || this.sending.has(what)) {
            return null;
        }
        this.sending.add(what);
        const key = draft && this.draftKey(draft);
        let entry;
        try {
            entry = await this.kept(() =>
                this.queueStore.add(handler, { ...this.state.employee }, payload, files, key)
            );
        } finally {
            this.sending.delete(what);
        }
        if (entry) {
            this.state.entries.push(entry);
            this.work.rebuild();
            this.work.tellOthers();
            this.work.sender.run();
        }
        return entry;
    }

    /**
     * Make a photo small and keep it.
     *
     * @param {Blob} file
     * @param {string[]} [lines] written into it below who and when
     * @returns {Promise<string | null>} its SHA-256
     */
    async photo(file, lines = []) {
        const now = new Date().toLocaleString(document.documentElement.lang, { hour12: false });
        const mark = [`${now}  ${this.state.employee.name}`, ...lines];
        let small;
        try {
            small = await compress(file, mark);
        } catch {
            this.toast(_t("This is no photo that the phone can read. Take another one."), "bad");
            return null;
        }
        return this.kept(() => keep(small));
    }

    /** Give the address of a kept photo, for an image. */
    async photoUrl(name) {
        const file = await get("files", name);
        return file ? URL.createObjectURL(new Blob([file.content], { type: file.type })) : "";
    }

    /** What one employee fills in is not for the next one on the same phone. */
    draftKey(id) {
        return `${this.state.employee.id}/${id}`;
    }

    async draft(id) {
        return (await get("drafts", this.draftKey(id)))?.value;
    }

    /** Keep what is being filled in, so that a closed page loses nothing. */
    saveDraft(id, value) {
        const draft = { id: this.draftKey(id), value: JSON.parse(JSON.stringify(value)) };
        return this.kept(() => transact(["drafts"], ({ drafts }) => drafts.put(draft)));
    }

    /** Do something that keeps; say so when there is no room. */
    async kept(work) {
        try {
            return (await work()) ?? true;
        } catch (error) {
            if (!(error instanceof StorageFull)) {
                throw error;
            }
            this.feedback.bad();
            await this.confirm({
                title: _t("The phone is full"),
                body: _t(
                    "This was not kept. What was kept before is safe. Delete some photos or apps on the phone, or go where there is a network and wait until everything is sent; then try again."
                ),
                confirm: _t("Understood"),
            });
            return null;
        }
    }

    /**
     * Read a code with the camera, or let it be typed.
     *
     * @returns {Promise<{code: string, method: string} | null>}
     */
    scan(hint = "") {
        return new Promise((resolve) => {
            this.state.scanner = {
                hint,
                done: (found) => {
                    this.state.scanner = null;
                    resolve(found);
                },
            };
        });
    }

    /**
     * Ask a person.
     *
     * @param {{title: string, body: string, confirm: string, cancel?: string, input?: string}} question
     *   input: hint of a text that must be given
     * @returns {Promise<boolean | string>} the text, or whether it was confirmed
     */
    confirm(question) {
        return new Promise((resolve) => {
            this.state.dialog = {
                ...question,
                done: (answer) => {
                    this.state.dialog = null;
                    resolve(answer);
                },
            };
        });
    }

    toast(text, kind = "info") {
        const toast = { id: Math.random(), text: String(text), kind };
        this.state.toasts.push(toast);
        setTimeout(() => {
            const index = this.state.toasts.findIndex((one) => one.id === toast.id);
            this.state.toasts.splice(index, index < 0 ? 0 : 1);
        }, TOAST);
    }

    // -- where the app is

    show(tab) {
        this.state.tab = tab;
        if (this.state.stack.length) {
            history.go(-this.state.stack.length); // onPop takes the pages off
        }
    }

    /** Open a page above the screen. */
    open(component, props, title) {
        history.pushState({ depth: this.state.stack.length + 1 }, "");
        this.state.stack.push({ component, props, title, key: Math.random() });
    }

    back() {
        history.back();
    }

    /** Close all pages and questions above the screen. */
    closeAll() {
        this.state.scanner?.done(null);
        this.state.dialog?.done(null);
        const depth = this.state.stack.splice(0).length;
        if (depth) {
            history.go(-depth);
        }
    }

    /** Follow the phone's own button. */
    onPop(depth) {
        if (this.state.scanner || this.state.dialog) {
            (this.state.scanner || this.state.dialog).done(null);
            history.pushState({ depth: this.state.stack.length }, "");
            return;
        }
        this.state.stack.splice(depth);
    }

    get tabs() {
        const screens = registry.category("field_screens");
        return this.state.screens
            .filter((screen) => screens.contains(screen.key))
            .map((screen) => ({ ...screen, ...screens.get(screen.key), title: screen.title }));
    }

    // -- sending, signing in and out

    async sendNow() {
        await this.work.wake();
    }

    async retry(entry) {
        await this.work.change(entry, { state: "waiting", tries: 0, nextAt: 0, error: "" });
        await this.work.wake();
    }

    /** Give to a person on the server what the server would not take. */
    async handOver(entry, reason) {
        try {
            const body = { ...(await this.queueStore.body(entry)), reason };
            const { status, answer } = await ask(`/field/handover/${entry.handler}`, body);
            if (status !== 200 && status !== 409) {
                this.toast(answer.error || _t("That did not work. Try again later."), "bad");
                return;
            }
            await this.work.forget(entry);
            this.toast(_t("Handed over: a manager looks at it."), "good");
        } catch (error) {
            if (!(error instanceof NoAnswer)) {
                throw error;
            }
            this.toast(_t("There is no network. Try again later."), "bad");
        }
    }

    signIn() {
        location.href = "/web/login?redirect=/field/";
    }

    async signOut() {
        if (this.queue.length) {
            const isSure = await this.confirm({
                title: _t("%(count)s entries are not sent", { count: this.queue.length }),
                body: _t(
                    "They stay on this phone and are sent when you sign in here again. It is better to send them first."
                ),
                confirm: _t("Sign out all the same"),
                cancel: _t("Stay"),
            });
            if (!isSure) {
                return;
            }
        }
        if (!navigator.onLine) {
            this.toast(_t("Signing out needs a network."), "bad");
            return;
        }
        await this.work.leave();
        location.href = "/web/session/logout?redirect=/field/";
    }
}
