/**
 * What waits to be sent. An entry is in the queue once `add` has returned; it leaves it when the
 * server has taken it, or when a person decided what becomes of it, and in no other way.
 */

import { all, allKeys, get, transact } from "./database";
import { base64 } from "./bytes";
import { keyOf, sign } from "./keys";

const LOOSE = 7 * 24 * 3600 * 1000; // ms after which a photo that nothing names is thrown away

export class Queue {
    /**
     * Read what is kept.
     *
     * @returns {Promise<Object[]>} entries of all employees in order
     */
    async load() {
        const entries = await all("entries");
        return entries.sort((one, other) => one.order - other.order);
    }

    /**
     * Put an entry in.
     *
     * @param {string} handler
     * @param {Object} employee
     * @param {Object} payload
     * @param {string[]} files SHA-256 of photos that are kept
     * @param {string} [draft] that this makes an entry of
     * @returns {Promise<Object>} the entry
     */
    async add(handler, employee, payload, files, draft) {
        const key = await keyOf(employee.id);
        const uuid = crypto.randomUUID();
        const content = { uuid, handler, employee: employee.id, ...payload };
        content.at ||= new Date().toISOString();
        const text = JSON.stringify(content);
        const signature = await sign(key, text);
        // a clock that was put back reorders nothing
        const last = Math.max(0, ...(await all("entries")).map((other) => other.order));
        const entry = {
            uuid,
            handler,
            employee: employee.id,
            employeeName: employee.name,
            payload: text,
            signature,
            device: key.uuid,
            files,
            order: Math.max(Date.now(), last + 1),
            state: "waiting",
            tries: 0,
            nextAt: 0,
            error: "",
        };
        await transact(["entries", "drafts"], (stores) => {
            stores.entries.add(entry);
            if (draft) {
                stores.drafts.delete(draft);
            }
        });
        return entry;
    }

    async change(entry, values) {
        await transact(["entries"], ({ entries }) => entries.put({ ...entry, ...values }));
    }

    /**
     * Take an entry out, with its photos, and keep what it changed in the employee's work.
     *
     * @param {Object} [work] of the store "cache"
     */
    async remove(entry, work) {
        const others = (await all("entries")).filter((other) => other.uuid !== entry.uuid);
        const needed = new Set(others.flatMap((other) => other.files));
        await transact(["entries", "files", "cache"], (stores) => {
            stores.entries.delete(entry.uuid);
            entry.files.filter((name) => !needed.has(name)).forEach((n) => stores.files.delete(n));
            if (work) {
                stores.cache.put(work);
            }
        });
    }

    /** Write an entry as the server reads it. */
    async body(entry) {
        const files = {};
        for (const name of entry.files) {
            const file = await get("files", name);
            if (file) {
                files[name] = base64(file.content);
            }
        }
        const { uuid, payload, signature, device } = entry;
        return { uuid, payload, signature, device, files, sent_at: new Date().toISOString() };
    }

    /** Throw away photos that were taken and never used. */
    async tidy() {
        const [entries, drafts, names] = [
            await all("entries"),
            await all("drafts"),
            await allKeys("files"),
        ];
        const text = JSON.stringify([entries.map((entry) => entry.files), drafts]);
        for (const name of names.filter((one) => !text.includes(one))) {
            const file = await get("files", name);
            if (file && Date.now() - file.keptAt > LOOSE) {
                await transact(["files"], ({ files }) => files.delete(name));
            }
        }
    }
}
