/** Answers of a checklist: whether they are complete, and whether they are as they should be. */

/** @returns {number | null} nothing when it is no number */
export function numberOf(text) {
    const plain = String(text ?? "").trim().replace(",", ".").replace("。", ".");
    return /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(plain) ? Number(plain) : null;
}

export function isGiven(item, { value, files }) {
    if (item.type === "photo") {
        return files.length > 0;
    }
    if (item.type === "number") {
        return numberOf(value) !== null;
    }
    return value !== null && value !== undefined && value !== "";
}

/** Say what is missing: "value", "photo", "number" or nothing. */
export function missing(item, answer) {
    if (item.type === "number" && answer.value && numberOf(answer.value) === null) {
        return "number";
    }
    const given = isGiven(item, answer);
    if (!given && item.is_required) {
        return item.type === "photo" ? "photo" : "value";
    }
    return given && item.needs_photo && !answer.files.length ? "photo" : "";
}

export function isAbnormal(item, { value, files }) {
    if (!isGiven(item, { value, files })) {
        return false;
    }
    if (item.type === "yes_no") {
        return value !== (item.good !== "no");
    }
    if (item.type === "number") {
        const number = numberOf(value);
        const isBelow = item.low !== null && number < item.low;
        return isBelow || (item.high !== null && number > item.high);
    }
    return (
        item.type === "choice" && item.choices.some((one) => one.id === value && one.is_bad)
    );
}

/** Say what a number may be: "4 – 8 bar". */
export function limits({ low, high, unit }) {
    const isNone = (limit) => limit === null || limit === undefined;
    if (isNone(low) && isNone(high)) {
        return "";
    }
    if (isNone(low)) {
        return `≤ ${high} ${unit}`;
    }
    return isNone(high) ? `≥ ${low} ${unit}` : `${low} – ${high} ${unit}`;
}

/** Write answers as a payload has them; what was left out is left out. */
export function resultsOf(items, answers) {
    return items
        .filter((item) => isGiven(item, answers[item.id]))
        .map((item) => {
            const { value, note, files } = answers[item.id];
            const told = item.type === "number" ? numberOf(value) : value;
            return { item: item.id, value: item.type === "photo" ? true : told, note, files };
        });
}
