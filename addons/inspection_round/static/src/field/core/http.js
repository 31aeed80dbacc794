/** Questions to the server. */

const PATIENCE = 60000; // ms

/** No answer of our server came: no network, a dropped connection, another network's sign-in page. */
export class NoAnswer extends Error {}

/**
 * Ask the server.
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
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    try {
        const response = await fetch(url, { ...options, signal: patience.signal });
        const text = await response.text();
        let answer = {};
        if (response.headers.get("Content-Type")?.startsWith("application/json")) {
            answer = JSON.parse(text);
        } else if (response.ok) {
            throw new NoAnswer("another page answered");
        }
        return { status: response.status, answer };
    } catch (error) {
        throw error instanceof NoAnswer ? error : new NoAnswer(error.message);
    } finally {
        clearTimeout(timer);
    }
}
