/** Bytes as texts, and their sums. */

export function hex(buffer) {
    return [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function base64(buffer) {
    const bytes = new Uint8Array(buffer);
    let text = "";
    for (let start = 0; start < bytes.length; start += 0x8000) {
        text += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
    }
    return btoa(text);
}

export function base64url(buffer) {
    return base64(buffer).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export async function sha256(buffer) {
    return hex(await crypto.subtle.digest("SHA-256", buffer));
}
