/** From a scanned label to a check-in: with a checklist where there is one, at once where not. */

import { _t } from "@web/core/l10n/translation";
import { CheckpointPage } from "./checkpoint_page";
import { draftKey, nextPoint } from "./points";
import { sendCheckIn } from "./send_check_in";

const underWay = new Set(); // a label may be read twice at once

/**
 * Go on with a checkpoint that was found.
 *
 * @param {import("../core/field").Field} field
 * @param {Object} round
 * @param {Object} point
 * @param {{method: string, code?: string, nfc?: string}} found
 */
export async function checkIn(field, round, point, found) {
    const key = draftKey(round, point);
    if (underWay.has(key)) {
        return;
    }
    underWay.add(key);
    try {
        await goOn(field, round, point, found);
    } finally {
        underWay.delete(key);
    }
}

async function goOn(field, round, point, found) {
    if (!(await isMeant(field, round, point))) {
        return;
    }
    const how = { ...found, at: new Date().toISOString() };
    if (point.items.length || found.method === "manual") {
        field.open(CheckpointPage, { roundId: round.id, pointId: point.id, how }, point.name);
        return;
    }
    await sendCheckIn(field, round, point, how, { results: [], files: [], note: "" });
}

async function isMeant(field, round, point) {
    const next = nextPoint(round);
    if (point.checked_at) {
        return field.confirm({
            title: _t("Already checked in"),
            body: _t("%(point)s is done in this round. Check in there once more?", {
                point: point.name,
            }),
            confirm: _t("Once more"),
            cancel: _t("No"),
        });
    }
    if (round.is_strict && next && next.id !== point.id) {
        return field.confirm({
            title: _t("Not the next checkpoint"),
            body: _t("The next one is %(next)s. A check-in out of order gets a mark.", {
                next: next.name,
            }),
            confirm: _t("Check in all the same"),
            cancel: _t("Go there first"),
        });
    }
    return true;
}
