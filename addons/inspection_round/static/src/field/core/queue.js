/**
 * What waits to be sent. An entry is in the queue once `add` has returned; it leaves it when the
 * server has taken it, or when a person decided what becomes of it, and in no other way.
 */

import { all, allKeys, get, transact, unlessFull } from "./database";
import { base64 } from "./bytes";
import { keyOf, sign } from "./keys";

const LOOSE = 7 * 24 * 3600 * 1000; // ms after which a photo that nothing names is thrown away

/** Do one thing after the other, in the order in which they were asked for, in all tabs. */
function inTurn(work) {
    return navigator.locks ? navigator.locks.request("field-queue", work) : work();
}

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
    add(handler, employee, payload, files, draft) {
        const uuid = crypto.randomUUID();
        const content = { uuid, handler, employee: employee.id, ...payload };
        content.at ||= new Date().toISOString();
        return inTurn(() => this.append(content, employee, files, draft));
    }

    async append(content, employee, files, draft) {
        const { uuid, handler } = content;
        const key = await keyOf(employee.id);
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

    /** @returns {Promise<boolean>} whether the phone had room for it */
    change(entry, values) {
        const changed = { ...entry, ...values };
        return unlessFull(transact(["entries"], ({ entries }) => entries.put(changed)));
    }

    /**
     * Take an entry out, with the photos that nothing else names, and keep what it changed in the
     * employee's work, as far as there is room: it is read from the server again.
     *
     * @param {Object} [work] of the store "cache"
     */
    remove(entry, work) {
        return inTurn(async () => {
            const named = await this.named(entry);
            const loose = entry.files.filter((name) => !named.includes(name));
            const takeOut = (kept) =>
                transact(["entries", "files", "cache"], (stores) => {
                    stores.entries.delete(entry.uuid);
                    loose.forEach((name) => stores.files.delete(name));
                    if (kept) {
                        stores.cache.put(kept);
                    }
                });
            if (!(await unlessFull(takeOut(work)))) {
                await takeOut();
            }
        });
    }

    /** Write down all that names photos, without one entry. */
    async named(without) {
        const entries = (await all("entries")).filter((entry) => entry.uuid !== without?.uuid);
        return JSON.stringify([entries.map((entry) => entry.files), await all("drafts")]);
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
    tidy() {
        return inTurn(async () => {
            const names = await allKeys("files");
            const named = await this.named();
            for (const name of names.filter((one) => !named.includes(one))) {
                const file = await get("files", name);
                if (file && Date.now() - file.keptAt > LOOSE) {
                    await transact(["files"], ({ files }) => files.delete(name));
                }
            }
        });
    }
}
