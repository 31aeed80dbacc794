/** Photos: made small on the phone, marked with when and where, and kept before they are shown. */

import { transact } from "./database";
import { sha256 } from "./bytes";

const LIMIT = 400000; // bytes
const SIDES = [1600, 1280, 960, 640]; // pixels of the longer side, tried in turn
const QUALITIES = [0.82, 0.65, 0.5];

/**
 * Make a photo small enough.
 *
 * @param {Blob} file
 * @param {string[]} lines written into its lower edge
 * @returns {Promise<Blob>} JPEG of at most 400 kB
 */
export async function compress(file, lines = []) {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    try {
        for (const side of SIDES) {
            const canvas = draw(image, side, lines);
            for (const quality of QUALITIES) {
                const blob = await new Promise((resolve) =>
                    canvas.toBlob(resolve, "image/jpeg", quality)
                );
                if (blob && blob.size <= LIMIT) {
                    return blob;
                }
            }
        }
    } finally {
        image.close();
    }
    throw new Error("the photo cannot be made small enough");
}

function draw(image, side, lines) {
    const scale = Math.min(1, side / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.width * scale));
    canvas.height = Math.max(1, Math.round(image.height * scale));
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const size = Math.max(12, Math.round(canvas.width / 34));
    const height = size * 1.5;
    context.font = `600 ${size}px sans-serif`;
    context.textBaseline = "middle";
    context.fillStyle = "rgba(0, 0, 0, 0.55)";
    if (lines.length) {
        const strip = height * lines.length + size;
        context.fillRect(0, canvas.height - strip, canvas.width, strip);
    }
    context.fillStyle = "#fff";
    lines.forEach((line, index) => {
        const y = canvas.height - size / 2 - height * (lines.length - index - 0.5);
        context.fillText(line, size, y, canvas.width - 2 * size);
    });
    return canvas;
}

/**
 * Keep a photo.
 *
 * @param {Blob} blob
 * @returns {Promise<string>} its SHA-256, by which payloads name it
 */
export async function keep(blob) {
    const content = await blob.arrayBuffer();
    const name = await sha256(content);
    const file = { sha256: name, type: blob.type, content, keptAt: Date.now() };
    await transact(["files"], ({ files }) => files.put(file));
    return name;
}
