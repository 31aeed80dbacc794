/** When to try again what did not go through. */

const FIRST = 1000; // ms
const LONGEST = 300000;

/**
 * Say how long it is until a moment; a clock that was put back lets nobody wait longer than any
 * failure does.
 *
 * @param {number} at ms
 * @returns {number} ms, 0 when it has come
 */
export function left(at) {
    const rest = at - Date.now();
    return rest > LONGEST * 1.5 ? 0 : Math.max(rest, 0);
}

/**
 * Say how long to wait after a failure: twice as long each time, and no two phones alike.
 *
 * @param {number} tries failures so far, from 1
 * @param {number} random from 0 to 1
 * @returns {number} ms
 */
export function delay(tries, random = Math.random()) {
    return Math.min(FIRST * 2 ** (tries - 1), LONGEST) * (0.5 + random);
}
