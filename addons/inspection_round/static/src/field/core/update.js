/** The service worker: it keeps the app for a phone without a network, and brings new versions. */

const WORKER = "/field/sw.js";
const SCOPE = "/field/";
const EVERY = 3600000; // ms between looks for a new version

/**
 * Install the worker.
 *
 * @param {(activate: () => void) => void} onReady told when a new version waits, and how to start it
 */
export async function install(onReady) {
    if (!navigator.serviceWorker) {
        return;
    }
    let isAsked = false;
    navigator.serviceWorker.addEventListener("controllerchange", () => {
        if (isAsked) {
            location.reload();
        }
    });
    const options = { scope: SCOPE, updateViaCache: "none" };
    const registration = await navigator.serviceWorker.register(WORKER, options);
    const tell = () => {
        if (registration.waiting && navigator.serviceWorker.controller) {
            onReady(() => {
                isAsked = true;
                registration.waiting?.postMessage("activate");
            });
        }
    };
    registration.addEventListener("updatefound", () =>
        registration.installing?.addEventListener("statechange", tell)
    );
    tell();
    const look = () => navigator.onLine && registration.update().catch(() => {});
    setInterval(look, EVERY);
    navigator.storage?.persist?.();
}
