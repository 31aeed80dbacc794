/** Sends the queue: one entry after the other, by one tab at a time. */

import { ask, NoAnswer } from "./http";
import { delay } from "./patience";

const LOCK = "field-send";
const PAUSE = 500; // ms at least before it comes back by itself
const LATER = new Set([408, 425, 429]);

/** Say what an answer means for an entry. */
export function verdict(status, answer) {
    if (status === 200 && ["accepted", "repeated"].includes(answer.status)) {
        return "done";
    }
    if (status === 401) {
        return "signed_out";
    }
    return status >= 500 || status < 400 || LATER.has(status) ? "later" : "failed";
}

export class Sender {
    /**
     * @param {Object} owner tells the sender what to send and hears what became of it:
     *   ready(), due(), body(entry), onDone(entry, answer), onLater(entry, values),
     *   onFailed(entry, values), onSignedOut(), onEnd(sent), onError(error), nextIn()
     */
    constructor(owner) {
        this.owner = owner;
        this.isRunning = false;
        this.isWanted = false;
        this.timer = null;
    }

    /** Send what is due, and come back for the rest. */
    async run() {
        if (this.isRunning) {
            this.isWanted = true;
            return;
        }
        this.isRunning = true;
        clearTimeout(this.timer);
        try {
            do {
                this.isWanted = false;
                await this.locked(() => this.drain());
            } while (this.isWanted);
        } catch (error) {
            this.owner.onError(error);
        } finally {
            this.isRunning = false;
        }
        const wait = this.owner.nextIn();
        if (wait !== null) {
            this.timer = setTimeout(() => this.run(), Math.max(PAUSE, wait));
        }
    }

    locked(work) {
        if (!navigator.locks) {
            return work();
        }
        return navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => lock && work());
    }

    async drain() {
        let sent = 0;
        if (!(await this.owner.ready())) {
            return;
        }
        for (let entry; (entry = await this.owner.due()); ) {
            const { values, status, answer } = await this.send(entry);
            if (status === "done") {
                await this.owner.onDone(entry, answer);
                sent++;
            } else if (status === "failed") {
                await this.owner.onFailed(entry, values);
            } else if (status === "signed_out") {
                await this.owner.onSignedOut();
                break;
            } else {
                await this.owner.onLater(entry, values);
                if (status === "no_answer") {
                    break;
                }
            }
        }
        await this.owner.onEnd(sent);
    }

    async send(entry) {
        const tries = entry.tries + 1;
        const later = { tries, nextAt: Date.now() + delay(tries) };
        try {
            const body = await this.owner.body(entry);
            const { status, answer } = await ask(`/field/sync/${entry.handler}`, body);
            const error = answer.error || "";
            const told = verdict(status, answer);
            if (told === "later") {
                return { status: told, values: { ...later, error: error || `HTTP ${status}` } };
            }
            return { status: told, answer, values: { tries, state: "failed", code: status, error } };
        } catch (error) {
            if (!(error instanceof NoAnswer)) {
                throw error;
            }
            return { status: "no_answer", values: { ...later, error: "" } };
        }
    }
}
