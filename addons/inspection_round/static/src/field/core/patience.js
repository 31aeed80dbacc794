/** When to try again what did not go through. */

const FIRST = 1000; // ms
const LONGEST = 300000;

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
