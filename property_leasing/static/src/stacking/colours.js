import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;
const YEARS = 5; // later years share a colour
const LEVELS = 5;

export const STATE_CLASSES = {
    leased: "leased",
    ending: "ending",
    reserved: "reserved",
    vacant: "vacant",
    off_market: "off",
};

/** Group tiles by status: one entry of the legend for every status there is. */
function byState(spaces, plan) {
    return plan.states.map(([key, name]) => ({
        key,
        name,
        colour: STATE_CLASSES[key],
        has: (space) => space.state === key,
    }));
}

/** Group let tiles by the year in which they end, counted from the day of the plan. */
function byExpiry(spaces, plan) {
    const first = DateTime.fromISO(plan.day).year;
    const yearOf = (space) => DateTime.fromISO(space.until).year - first;
    const entries = [];
    for (let index = 0; index < YEARS; index++) {
        const isLast = index === YEARS - 1;
        entries.push({
            key: `year${index}`,
            name: isLast
                ? _t("%(year)s and later", { year: first + index })
                : _t("Ends %(year)s", { year: first + index }),
            colour: `year${index}`,
            has: (space) =>
                Boolean(space.lease_id) &&
                (isLast ? yearOf(space) >= index : yearOf(space) === index),
        });
    }
    return [...entries, notLet()];
}

/** Group let tiles by rent per m² and month, so that each level has as many of them. */
function byRent(spaces) {
    const rents = spaces.filter((space) => space.rent_m2).map((space) => space.rent_m2);
    rents.sort((one, other) => one - other);
    const bounds = [];
    for (let level = 1; level < LEVELS; level++) {
        bounds.push(rents[Math.floor((rents.length * level) / LEVELS)] ?? 0);
    }
    const levelOf = (space) => bounds.filter((bound) => space.rent_m2 >= bound).length;
    const entries = [];
    for (let level = 0; level < LEVELS; level++) {
        const low = level ? bounds[level - 1] : 0;
        const facts = { low: Math.round(low), high: Math.round(bounds[level] ?? 0) };
        entries.push({
            key: `level${level}`,
            name:
                level === LEVELS - 1
                    ? _t("from ¥%(low)s /m²·month", facts)
                    : _t("¥%(low)s – %(high)s /m²·month", facts),
            colour: `level${level}`,
            has: (space) => Boolean(space.lease_id) && levelOf(space) === level,
        });
    }
    return [...entries, notLet()];
}

function notLet() {
    return { key: "none", name: _t("Not let"), colour: "none", has: (space) => !space.lease_id };
}

export const MODES = { state: byState, expiry: byExpiry, rent: byRent };

/**
 * Return the legend of a plan: entries with name, colour, count and area.
 *
 * @param {Object} plan what the server returned
 * @param {string} mode "state", "expiry" or "rent"
 */
export function legendOf(plan, mode) {
    const spaces = plan.floors.flatMap((floor) => floor.spaces);
    return MODES[mode](spaces, plan)
        .map((entry) => {
            const own = spaces.filter(entry.has);
            const area = own.reduce((sum, space) => sum + space.area, 0);
            return { ...entry, count: own.length, area };
        })
        .filter((entry) => entry.count);
}
