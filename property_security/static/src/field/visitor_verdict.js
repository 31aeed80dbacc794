/** Whether somebody may come in, as the phone can tell by itself; the order of the server's kernel. */

import { _t } from "@web/core/l10n/translation";
import { time } from "@inspection_round/field/core/format";

/**
 * Tell what becomes of a pass or a list now.
 *
 * @param {Object} ticket as the server describes it, or as its QR code says
 * @param {number} site where the guard stands
 * @param {number} now ms
 */
export function verdictOf(ticket, site, now = Date.now()) {
    const checks = [
        ["foreign", ticket.site !== site],
        [ticket.verdict, ticket.verdict && ticket.verdict !== "valid"],
        ["early", now < Date.parse(ticket.from)],
        ["expired", now > Date.parse(ticket.to)],
        ["used_up", ticket.uses && (ticket.used || 0) >= ticket.uses],
    ];
    return (checks.find(([, holds]) => holds) || ["valid"])[0];
}

/** When a pass or a list counts; both days are told where they are not today. */
export function windowOf(ticket) {
    return `${time(ticket.from)} – ${time(ticket.to)}`;
}

/** What a guard reads in large letters; kind: good, warn or bad. */
export const VERDICTS = {
    valid: { name: _t("Valid"), kind: "good", icon: "fa-check-circle" },
    used_up: { name: _t("Used already"), kind: "warn", icon: "fa-history" },
    early: { name: _t("Not valid yet"), kind: "warn", icon: "fa-clock-o" },
    waiting: { name: _t("Not approved yet"), kind: "warn", icon: "fa-hourglass-half" },
    expired: { name: _t("Expired"), kind: "bad", icon: "fa-calendar-times-o" },
    revoked: { name: _t("Revoked"), kind: "bad", icon: "fa-ban" },
    refused: { name: _t("Refused"), kind: "bad", icon: "fa-ban" },
    draft: { name: _t("Not handed out"), kind: "bad", icon: "fa-ban" },
    banned: { name: _t("On the blacklist"), kind: "bad", icon: "fa-hand-paper-o" },
    foreign: { name: _t("Of another site"), kind: "bad", icon: "fa-map-signs" },
    forged: { name: _t("Not a code of ours"), kind: "bad", icon: "fa-exclamation-triangle" },
    unknown: { name: _t("Unknown code"), kind: "bad", icon: "fa-question-circle" },
};

export const KINDS = {
    visitor: _t("Visitor"),
    delivery: _t("Delivery"),
    contractor: _t("Contractor"),
    item: _t("Item release"),
};
