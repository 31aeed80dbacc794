/** Steps of orders as people read them, and what an entry that is not sent yet changes in one. */

import { _t } from "@web/core/l10n/translation";

export const STEPS = {
    new: { name: _t("In the pool"), kind: "warn" },
    assigned: { name: _t("To accept"), kind: "warn" },
    accepted: { name: _t("Accepted"), kind: "main" },
    on_site: { name: _t("On site"), kind: "main" },
    done: { name: _t("Done"), kind: "good" },
    confirmed: { name: _t("Confirmed"), kind: "good" },
    closed: { name: _t("Rated"), kind: "good" },
};

/** What is settled without going there is done straight from accepted. */
const DESK_KINDS = ["complaint", "suggestion", "enquiry"];

/** @returns {string[]} the events that may happen to an order of one's own now, the next one first */
export function eventsOf(order) {
    if (order.is_pool && order.step === "new") {
        return ["take"];
    }
    const events = {
        assigned: ["accept", "reject"],
        accepted: DESK_KINDS.includes(order.kind) ? ["done"] : ["arrive"],
        on_site: ["done"],
    }[order.step];
    if (!events) {
        return [];
    }
    return [...events, order.is_paused ? "resume" : "pause"];
}

export function eventName(event) {
    return {
        take: _t("Take it"),
        accept: _t("Accept"),
        reject: _t("Give back"),
        arrive: _t("I am there"),
        pause: _t("Pause"),
        resume: _t("Go on"),
        quote: _t("Send the quotation"),
        done: _t("Done"),
    }[event];
}

/** Change an order as the server will when the entry arrives. */
export function applyStep(order, payload) {
    const steps = { take: "accepted", accept: "accepted", arrive: "on_site", done: "done" };
    order.step = steps[payload.event] || order.step;
    if (payload.event === "take") {
        order.is_pool = false;
    } else if (payload.event === "pause") {
        Object.assign(order, { is_paused: true, pause_reason: payload.reason });
    } else if (["resume", "done"].includes(payload.event)) {
        order.is_paused = false;
    } else if (payload.event === "quote") {
        order.quotation = "sent";
    }
    for (const line of payload.lines || []) {
        order.lines.push({ ...line, amount: line.quantity * line.price });
    }
    for (const task of order.tasks) {
        task.is_done ||= (payload.tasks || []).includes(task.id);
    }
}
