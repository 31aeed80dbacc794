/** Finding checkpoints by what was scanned. */

const WALKABLE = ["running", "open", "planned", "incomplete"]; // the likeliest first

/** Read the code from what a scanner read: the address of a label, or the code alone. */
export function codeOf(scanned) {
    let text = (scanned || "").trim();
    if (text.includes("://")) {
        try {
            text = new URL(text).searchParams.get("c") || "";
        } catch {
            text = "";
        }
    }
    return text.trim().toUpperCase();
}

function isFound(point, { code, nfc }) {
    return nfc ? point.nfc === nfc : Boolean(code) && point.code === codeOf(code);
}

/** @returns {Object | undefined} the checkpoint of a round with that label or tag */
export function pointIn(round, found) {
    return round.checkpoints.find((point) => isFound(point, found));
}

/**
 * Find a round that a label or tag belongs to: one under way first, then one where the checkpoint
 * is still to be done.
 */
export function roundWith(rounds, found) {
    const rank = (round) =>
        WALKABLE.indexOf(round.state) + (pointIn(round, found).checked_at ? WALKABLE.length : 0);
    return rounds
        .filter((round) => WALKABLE.includes(round.state) && pointIn(round, found))
        .sort((one, other) => rank(one) - rank(other))[0];
}

/** The first checkpoint that is still to be done. */
export function nextPoint(round) {
    return round.checkpoints.find((point) => !point.checked_at);
}

export function doneCount(round) {
    return round.checkpoints.filter((point) => point.checked_at).length;
}

export function draftKey(round, point) {
    return `checkin/${round.id}/${point.id}`;
}
