/**
 * The key with which an employee signs on this phone. It is made here, the browser gives it to
 * nobody, and each employee who signs in on the same phone has a key of his own.
 */

import { get, transact, unlessFull } from "./database";
import { base64, base64url } from "./bytes";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" };

/**
 * Find the key of an employee, or make it.
 *
 * @param {number} employee
 * @returns {Promise<{uuid: string, publicKey: string, pair: CryptoKeyPair, isRegistered: boolean}>}
 */
export async function keyOf(employee) {
    const found = await get("keys", employee);
    if (found) {
        return found;
    }
    const pair = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
    const publicKey = base64(await crypto.subtle.exportKey("spki", pair.publicKey));
    const made = { employee, uuid: crypto.randomUUID(), pair, publicKey, isRegistered: false };
    await transact(["keys"], ({ keys }) => keys.add(made)).catch(async (error) => {
        if (!(await get("keys", employee))) {
            throw error; // else another tab was quicker
        }
    });
    return get("keys", employee);
}

export async function markRegistered(key) {
    // told once more, the server says the same
    await unlessFull(transact(["keys"], ({ keys }) => keys.put({ ...key, isRegistered: true })));
}

/**
 * Sign a text.
 *
 * @returns {Promise<string>} r and s, base64 as in URLs
 */
export async function sign(key, text) {
    const bytes = new TextEncoder().encode(text);
    return base64url(await crypto.subtle.sign(SIGNATURE, key.pair.privateKey, bytes));
}

/** Say what phone this is, for people who look at a list of phones. */
export function phoneName() {
    const agent = navigator.userAgent;
    const model = /\(([^)]*)\)/.exec(agent)?.[1].split(";").pop().trim() || "";
    const browser = /(MicroMessenger|Edg|Firefox|Chrome|Safari)/.exec(agent)?.[1] || "";
    return `${model} ${browser}`.trim().slice(0, 80);
}
