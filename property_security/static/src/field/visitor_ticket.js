/**
 * What a QR code says, read without a network: 19 bytes and a signature of ECDSA P-256, as
 * `tools/visitor_token.py` writes them. Phones keep the public keys of their sites' company.
 */

const SUBJECTS = { 1: "pass", 2: "release" };
const KINDS = ["visitor", "delivery", "contractor", "item"];
const PACKED = 19; // bytes
const LENGTH = PACKED + 64;
const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" };
const LINK = /\/v\/([\w-]{22})(?:#([\w-]+))?$/;

/** Read the link and the signed part of what was scanned. */
export function linkOf(text) {
    const found = LINK.exec((text || "").trim());
    return found ? { token: found[1], signed: found[2] || "" } : null;
}

function bytesOf(text) {
    try {
        const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
        return Uint8Array.from(plain, (character) => character.charCodeAt(0));
    } catch {
        return new Uint8Array();
    }
}

async function isSigned(key, packed, signature) {
    const known = await crypto.subtle.importKey("spki", bytesOf(key), CURVE, false, ["verify"]);
    return crypto.subtle.verify(SIGNATURE, known, signature, packed);
}

/**
 * Read a ticket that one of the keys has signed.
 *
 * @param {string} signed
 * @param {string[]} keys SubjectPublicKeyInfo in base64
 * @returns {Promise<Object | null>} subject, id, site, from and to (ISO), uses (0: any), kind
 */
export async function readTicket(signed, keys) {
    const raw = bytesOf(signed);
    if (raw.length !== LENGTH) {
        return null;
    }
    const packed = raw.slice(0, PACKED);
    const checks = keys.map((key) => isSigned(key, packed, raw.slice(PACKED)));
    const subject = SUBJECTS[packed[0]];
    if (!subject || !(await Promise.all(checks)).some(Boolean)) {
        return null;
    }
    const view = new DataView(packed.buffer);
    const moment = (at) => new Date(view.getUint32(at) * 60000).toISOString();
    return {
        subject,
        id: view.getUint32(1),
        site: view.getUint32(5),
        from: moment(9),
        to: moment(13),
        uses: packed[17],
        kind: KINDS[packed[18]] || "visitor",
    };
}
