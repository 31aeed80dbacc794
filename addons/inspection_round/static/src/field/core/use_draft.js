import { onWillStart, useEffect } from "@odoo/owl";
import { useField } from "./use_field";

/**
 * Keep what is filled in on a page, so that a closed page loses nothing: a phone that opens its camera
 * may close the app for it.
 *
 * @param {string} id
 * @param {Object} state of the component
 * @param {string[]} names of what is kept of it
 */
export function useDraft(id, state, names) {
    const field = useField();
    const text = () => JSON.stringify(Object.fromEntries(names.map((name) => [name, state[name]])));
    let kept;
    onWillStart(async () => {
        Object.assign(state, await field.draft(id));
        kept = text();
    });
    useEffect(
        (now) => {
            if (now !== kept) {
                kept = now;
                field.saveDraft(id, JSON.parse(now));
            }
        },
        () => [text()]
    );
}
