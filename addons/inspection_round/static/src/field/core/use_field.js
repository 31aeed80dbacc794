import { useEnv, useState } from "@odoo/owl";

/**
 * The service of the field app, in a component: what it reads through `state`, `data` and `queue`
 * renders it anew when it changes.
 *
 * @returns {import("./field").Field}
 */
export function useField() {
    const { field } = useEnv();
    return Object.create(field, { state: { value: useState(field.state) } });
}
