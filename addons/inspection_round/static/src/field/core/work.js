/** The work of the employee on this phone: read from the server, kept, and sent back. */

import { registry } from "@web/core/registry";
import { get, set, setting, transact, unlessFull } from "./database";
import { NoAnswer, ask } from "./http";
import { keyOf, markRegistered, phoneName } from "./keys";
import { delay, left } from "./patience";
import { Sender } from "./sender";
import { knownLanguage, language, loadWords } from "./words";

const EMPLOYEE = "employee"; // who used the app last
const STALE = 60000; // ms after which the work is read again when the app is looked at

const clone = (value) => JSON.parse(JSON.stringify(value));

/** Let an error be seen, and nothing wait for it. */
function report(error) {
    setTimeout(() => {
        throw error;
    });
}

export class Work {
    constructor(field) {
        this.field = field;
        this.sender = new Sender(this);
        this.cache = null; // of the store "cache", for the employee
        this.isKept = true; // the cache, on the disk
        this.unkept = new Map(); // what a full phone could not note of entries
        this.isStale = true;
        this.failures = 0;
        this.pausedUntil = 0;
        this.channel = "BroadcastChannel" in window ? new BroadcastChannel("field") : null;
    }

    get state() {
        return this.field.state;
    }

    // -- beginning

    async start() {
        await loadWords(await knownLanguage());
        const known = await setting(EMPLOYEE);
        this.adopt(known ? await get("cache", known) : null);
        await this.reload();
        this.state.isReady = true;
        this.listen();
        this.wake();
        this.field.queueStore.tidy();
    }

    listen() {
        window.addEventListener("online", () => this.wake());
        window.addEventListener("offline", () => (this.state.isOnline = false));
        document.addEventListener("visibilitychange", () => {
            if (document.visibilityState === "visible") {
                this.isStale ||= Math.abs(Date.now() - (this.cache?.readAt || 0)) > STALE;
                this.wake();
            }
        });
        this.channel?.addEventListener("message", () => this.reload());
    }

    tellOthers() {
        this.channel?.postMessage("changed");
    }

    /** Take over the kept work of an employee. */
    adopt(cache) {
        const before = this.state.employee?.id;
        this.cache = cache || null;
        if (before && before !== cache?.employee) {
            this.field.closeAll(); // nobody goes on with what another began
        }
        Object.assign(this.state, {
            employee: cache?.who || null,
            screens: cache?.screens || [],
            readAt: cache?.readAt || null,
        });
        const keys = this.field.tabs.map((tab) => tab.key);
        if (cache && ![...keys, "queue", "me"].includes(this.state.tab)) {
            this.state.tab = keys[0] || "me";
        }
        this.rebuild();
    }

    /** Read the queue, and the work if another tab has read it anew. */
    async reload() {
        const kept = this.cache && this.isKept && (await get("cache", this.cache.employee));
        this.cache = kept || this.cache;
        const entries = await this.field.queueStore.load();
        this.state.entries = entries.map((one) => ({ ...one, ...this.unkept.get(one.uuid) }));
        this.rebuild();
    }

    /** Show the work as if everything that is queued had arrived. */
    rebuild() {
        const view = clone(this.cache?.data || {});
        for (const entry of this.field.queue) {
            this.apply(view, entry, entry.state);
        }
        this.state.view = view;
    }

    /** Ask what is registered for an entry; what it cannot do of an older one stops nothing. */
    ask(entry, method, ...others) {
        const handler = registry.category("field_sync").get(entry.handler, {});
        try {
            return handler[method]?.(...others);
        } catch (error) {
            return report(error);
        }
    }

    apply(data, entry, state) {
        this.ask(entry, "apply", data, JSON.parse(entry.payload), { state, error: entry.error });
    }

    /** Say what an entry must not be overtaken about; by itself it stands in nobody's way. */
    subject(entry) {
        return this.ask(entry, "subject", JSON.parse(entry.payload)) || entry.uuid;
    }

    label(entry) {
        const label = this.ask(entry, "label", JSON.parse(entry.payload), this.field);
        return String(label || entry.handler);
    }

    // -- what the sender asks

    /** Begin at once, whatever failed before. */
    async wake() {
        this.failures = 0;
        this.pausedUntil = 0;
        this.state.isOnline = navigator.onLine;
        const waiting = this.state.entries.filter((entry) => entry.state === "waiting");
        waiting.forEach((entry) => (entry.nextAt = 0));
        this.isEager = true;
        await this.sender.run();
    }

    /** List what may be sent: of what is about one thing, only the first. */
    get sendable() {
        const first = new Map();
        for (const entry of this.field.queue.filter((one) => one.state === "waiting")) {
            const subject = this.subject(entry);
            if (!first.has(subject)) {
                first.set(subject, entry);
            }
        }
        return [...first.values()];
    }

    /** Say in how many ms there is something to do; nothing when there will be none. */
    nextIn() {
        const waiting = this.sendable;
        if (this.state.isLapsed || (!waiting.length && !this.isStale)) {
            return null;
        }
        const due = waiting.length ? Math.min(...waiting.map((entry) => left(entry.nextAt))) : 0;
        return Math.max(due, left(this.pausedUntil));
    }

    async ready() {
        if (left(this.pausedUntil)) {
            return false;
        }
        await this.reload();
        if (this.isEager) {
            this.state.entries.forEach((entry) => (entry.nextAt = 0));
            this.isEager = false;
        }
        if ((this.isStale || this.state.isLapsed) && !(await this.refresh())) {
            return false;
        }
        return Boolean(this.state.employee) && this.register();
    }

    due() {
        const found = this.sendable.find((entry) => !left(entry.nextAt));
        this.state.isSending = Boolean(found);
        return found;
    }

    body(entry) {
        return this.field.queueStore.body(clone(entry));
    }

    async onDone(entry, answer) {
        this.state.isOnline = true;
        const payload = JSON.parse(entry.payload);
        if (this.cache?.employee === entry.employee) {
            this.apply(this.cache.data, entry, "done");
        }
        await this.takeOut(entry, this.cache);
        this.ask(entry, "onAnswer", answer, payload, this.field);
    }

    onLater(entry, values) {
        return this.change(entry, values);
    }

    async onFailed(entry, values) {
        await this.change(entry, values);
        this.field.feedback.bad();
    }

    async change(entry, values) {
        if (await this.field.queueStore.change(clone(entry), values)) {
            this.unkept.delete(entry.uuid);
        } else {
            this.unkept.set(entry.uuid, values);
        }
        await this.reload();
        this.tellOthers();
    }

    async takeOut(entry, work) {
        await this.field.queueStore.remove(clone(entry), work);
        this.unkept.delete(entry.uuid);
        await this.reload();
        this.tellOthers();
    }

    /** Go on later after an error of our own. */
    onError(error) {
        report(error);
        this.pause(this.state.isOnline);
    }

    onSignedOut() {
        this.state.isLapsed = true;
    }

    async onEnd(sent) {
        this.state.isSending = false;
        if (sent) {
            await this.refresh();
        }
    }

    // -- the server

    /**
     * Read the work of whoever is signed in.
     *
     * @returns {Promise<boolean>} whether somebody is
     */
    async refresh() {
        let found;
        try {
            found = await ask("/field/data");
        } catch (error) {
            if (!(error instanceof NoAnswer)) {
                throw error;
            }
            return this.pause(false);
        }
        const { status, answer } = found;
        if (status >= 500 || status === 429) {
            return this.pause(true);
        }
        this.failures = 0;
        this.isStale = false;
        this.state.isOnline = true;
        this.state.isLapsed = status === 401;
        this.state.problem = status >= 400 && status !== 401 ? answer.error || String(status) : "";
        if (status !== 200) {
            return false;
        }
        await this.keep(answer);
        return true;
    }

    pause(isOnline) {
        this.isStale = true;
        this.state.isOnline = isOnline;
        this.failures++;
        this.pausedUntil = Date.now() + delay(this.failures);
        return false;
    }

    async keep(answer) {
        const cache = {
            employee: answer.employee.id,
            who: answer.employee,
            screens: answer.screens,
            data: answer.data,
            readAt: Date.now(),
        };
        this.isKept = await unlessFull(transact(["cache"], (stores) => stores.cache.put(cache)));
        await set(EMPLOYEE, cache.employee);
        if (answer.lang !== language()) {
            await loadWords(answer.lang);
            this.state.epoch++;
        }
        this.adopt(cache);
        this.tellOthers();
    }

    /** Make the server know the key of this phone before it gets anything signed with it. */
    async register() {
        const key = await keyOf(this.state.employee.id);
        this.state.isRegistered = key.isRegistered;
        if (key.isRegistered) {
            return true;
        }
        try {
            const { status, answer } = await ask("/field/device", {
                uuid: key.uuid,
                public_key: key.publicKey,
                name: phoneName(),
            });
            if (status === 200) {
                await markRegistered(key);
                this.state.isRegistered = true;
            } else if (status >= 500 || status === 429) {
                return this.pause(true);
            } else {
                this.state.problem = answer.error || String(status);
            }
            return true;
        } catch (error) {
            if (!(error instanceof NoAnswer)) {
                throw error;
            }
            return this.pause(false);
        }
    }

    /** Take out of the queue what a person dealt with. */
    async forget(entry) {
        await this.takeOut(entry);
    }

    /** Forget the work of the employee who leaves; what is not sent stays. */
    async leave() {
        const employee = this.cache?.employee;
        await set(EMPLOYEE, null);
        this.cache = null;
        if (employee) {
            await transact(["cache"], ({ cache }) => cache.delete(employee));
        }
    }
}
