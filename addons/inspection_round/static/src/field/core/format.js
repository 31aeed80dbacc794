/** Moments as people read them, in the language and the time zone of the phone. */

function lang() {
    return document.documentElement.lang || "en";
}

/** @param {string | number} moment ISO, or ms */
export function time(moment) {
    if (!moment) {
        return "";
    }
    const date = new Date(moment);
    const isToday = date.toDateString() === new Date().toDateString();
    const day = isToday ? {} : { month: "numeric", day: "numeric" };
    const options = { ...day, hour: "2-digit", minute: "2-digit", hour12: false };
    return date.toLocaleString(lang(), options);
}

/** @returns {string} from and until, the day once */
export function span(from, until) {
    const options = { hour: "2-digit", minute: "2-digit", hour12: false };
    const end = until ? new Date(until).toLocaleTimeString(lang(), options) : "";
    return [time(from), end].filter(Boolean).join(" – ");
}
