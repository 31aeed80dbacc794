/** Questions to the server. */

const PATIENCE = 60000; // ms for a question
const SLOWEST = 12; // bytes a ms: what a network carries at least, before it counts as none

/**
 * Say how long an answer may take.
 *
 * @param {number} size bytes that are sent
 * @returns {number} ms
 */
export function patience(size) {
    return PATIENCE + size / SLOWEST;
}

/** No answer of our server came: no network, a dropped connection, another network's sign-in page. */
export class NoAnswer extends Error {}

/**
 * Ask the server.
 *
 * What stands before the server, or in its place while it restarts, may answer too. That is told as
 * the failure of a gateway, for it means nothing for what was asked; 413 is its word on the size.
 *
 * @param {string} url
 * @param {Object} [body] sent as JSON; a question without one only reads
 * @returns {Promise<{status: number, answer: Object}>}
 * @throws {NoAnswer}
 */
export async function ask(url, body) {
    const options = { credentials: "same-origin", cache: "no-store", redirect: "error" };
    if (body) {
        options.method = "POST";
        options.headers = { "Content-Type": "application/json" };
        options.body = JSON.stringify(body);
    }
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(), patience(options.body?.length || 0));
    try {
        const response = await fetch(url, { ...options, signal: ending.signal });
        const text = await response.text();
        if (response.headers.get("Content-Type")?.startsWith("application/json")) {
            return { status: response.status, answer: JSON.parse(text) };
        }
        if (response.ok) {
            throw new NoAnswer("another page answered");
        }
        const isTold = response.status >= 500 || response.status === 413;
        return { status: isTold ? response.status : 502, answer: {} };
    } catch (error) {
        throw error instanceof NoAnswer ? error : new NoAnswer(error.message);
    } finally {
        clearTimeout(timer);
    }
}
