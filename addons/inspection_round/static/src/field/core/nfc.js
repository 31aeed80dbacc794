/** NFC tags, where the browser reads them: Chrome on Android. */

export function hasNfc() {
    return "NDEFReader" in window;
}

/**
 * Read tags until told to stop.
 *
 * @param {(uid: string) => void} onTag told the number of each tag, in capital hexadecimal digits
 * @returns {Promise<() => void>} stops it
 */
export async function readTags(onTag) {
    const stop = new AbortController();
    const reader = new window.NDEFReader();
    reader.addEventListener("reading", ({ serialNumber }) =>
        onTag(serialNumber.replaceAll(":", "").toUpperCase())
    );
    await reader.scan({ signal: stop.signal });
    return () => stop.abort();
}
