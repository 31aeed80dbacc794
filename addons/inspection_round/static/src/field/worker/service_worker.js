/* The app without a network. VERSION and URLS are written above by the server. */

const PREFIX = "field-";
const CACHE = PREFIX + VERSION;
const SHELL = "/field/";

async function keep() {
    const cache = await caches.open(CACHE);
    // all or nothing: with one missing, the version before stays
    await cache.addAll(URLS.map((url) => new Request(url, { cache: "reload" })));
}

async function forget() {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
}

self.addEventListener("install", (event) => {
    // the first version has nobody to wait for; a later one waits until the page says so
    event.waitUntil(keep().then(() => self.registration.active || self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
    event.waitUntil(forget().then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
    if (event.data === "activate") {
        self.skipWaiting();
    }
});

async function answer(request, key) {
    const cache = await caches.open(CACHE);
    return (await cache.match(key)) || fetch(request);
}

self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== self.location.origin) {
        return;
    }
    if (request.mode === "navigate" && url.pathname === SHELL) {
        event.respondWith(answer(request, SHELL));
    } else if (URLS.includes(url.pathname + url.search)) {
        event.respondWith(answer(request, url.pathname + url.search));
    }
});
