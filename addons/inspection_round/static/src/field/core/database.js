/**
 * What the phone keeps, in IndexedDB. Something is kept once `transact` has returned: the browser
 * was told to write it to the disk, and the page may be killed.
 */

const NAME = "field";
const VERSION = 1;
const STORES = {
    entries: "uuid", // what waits to be sent
    files: "sha256", // photos, of entries and of drafts
    drafts: "id", // what is being filled in
    cache: "employee", // the work of each employee who signed in, as last read
    keys: "employee", // the key with which each signs
    settings: "name", // who used the app last, in which language
};

/** The phone has no room left: nothing was kept. */
export class StorageFull extends Error {}

let opened;

function open() {
    opened ||= new Promise((resolve, reject) => {
        const request = indexedDB.open(NAME, VERSION);
        request.onupgradeneeded = () => {
            const present = request.result.objectStoreNames;
            for (const [store, keyPath] of Object.entries(STORES)) {
                if (!present.contains(store)) {
                    request.result.createObjectStore(store, { keyPath });
                }
            }
        };
        request.onsuccess = () => {
            request.result.onversionchange = () => {
                request.result.close();
                opened = undefined;
            };
            // the browser closes it when the phone is short of room, or somebody clears its data
            request.result.onclose = () => (opened = undefined);
            resolve(request.result);
        };
        request.onerror = () => reject(request.error);
    });
    opened.catch(() => (opened = undefined));
    return opened;
}

function translated(error) {
    return error?.name === "QuotaExceededError" ? new StorageFull(error.message) : error;
}

/**
 * Write in one transaction.
 *
 * @param {string[]} stores
 * @param {(stores: Record<string, IDBObjectStore>) => void} work synchronous
 * @returns {Promise<void>} once it is on the disk
 * @throws {StorageFull}
 */
export async function transact(stores, work) {
    const database = await open();
    return new Promise((resolve, reject) => {
        const transaction = database.transaction(stores, "readwrite", { durability: "strict" });
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(translated(transaction.error));
        try {
            work(Object.fromEntries(stores.map((name) => [name, transaction.objectStore(name)])));
        } catch (error) {
            transaction.abort();
            reject(translated(error));
        }
    });
}

async function read(store, ask) {
    const database = await open();
    return new Promise((resolve, reject) => {
        const request = ask(database.transaction(store, "readonly").objectStore(store));
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

export function get(store, key) {
    return read(store, (found) => found.get(key));
}

export function all(store) {
    return read(store, (found) => found.getAll());
}

export function allKeys(store) {
    return read(store, (found) => found.getAllKeys());
}

/** Read a setting. It is kept here and not in localStorage, which a sudden death forgets. */
export async function setting(name) {
    return (await get("settings", name))?.value;
}

/** Keep a setting; a phone that is full goes on without it. */
export async function set(name, value) {
    await unlessFull(transact(["settings"], ({ settings }) => settings.put({ name, value })));
}

/**
 * Wait for something that is good to keep, and no loss when there is no room.
 *
 * @param {Promise} kept
 * @returns {Promise<boolean>} whether it is kept
 */
export async function unlessFull(kept) {
    try {
        await kept;
        return true;
    } catch (error) {
        if (!(error instanceof StorageFull)) {
            throw error;
        }
        return false;
    }
}
