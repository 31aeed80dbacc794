/** From what was scanned or typed to a verdict: the server's where it answers, else the phone's. */

import { _t } from "@web/core/l10n/translation";
import { NoAnswer, ask } from "@inspection_round/field/core/http";
import { linkOf, readTicket } from "./visitor_ticket";
import { verdictOf } from "./visitor_verdict";

const PATIENCE = 4000; // ms that somebody waits at a gate for the server

function patiently(work) {
    return Promise.race([
        work,
        new Promise((resolve, reject) =>
            setTimeout(() => reject(new NoAnswer("too slow")), PATIENCE)
        ),
    ]);
}

/** What the phone keeps under the number of a ticket. */
export function known(field, subject, id) {
    const { passes = [], releases = [] } = field.data("visitors");
    return (subject === "pass" ? passes : releases).find((one) => one.id === id);
}

async function offline(field, signed, site) {
    const ticket = await readTicket(signed, field.data("visitors").keys || []);
    if (!ticket) {
        return { verdict: "forged" };
    }
    const one = known(field, ticket.subject, ticket.id) || { ...ticket, isThin: true };
    const verdict = verdictOf(one, site);
    return verdict === "foreign"
        ? { verdict }
        : { verdict, subject: ticket.subject, [ticket.subject]: one };
}

/**
 * Judge a code.
 *
 * @param {import("@inspection_round/field/core/field").Field} field
 * @param {string} text that was scanned or typed
 * @param {number} site where the guard stands
 * @returns {Promise<Object | null>} verdict, subject, pass or release, method, signed; nothing when
 *   there is no answer, and that was said
 */
export async function check(field, text, site) {
    const link = linkOf(text);
    const how = { method: link ? "qr" : "code", signed: link?.signed || "" };
    try {
        if (!navigator.onLine) {
            throw new NoAnswer("offline");
        }
        const { status, answer } = await patiently(ask("/field/visitor/check", { text, site }));
        if (status === 200) {
            return { ...answer, ...how };
        }
        if (status !== 401 && status < 500) {
            field.feedback.bad();
            field.toast(answer.error || _t("That did not work. Try again later."), "bad");
            return null;
        }
    } catch (error) {
        if (!(error instanceof NoAnswer)) {
            throw error;
        }
    }
    if (link?.signed) {
        return { ...(await offline(field, link.signed, site)), ...how, isOffline: true };
    }
    field.feedback.bad();
    field.toast(
        _t("A typed code needs a network. Scan the QR code, or choose from the list."),
        "bad"
    );
    return null;
}
