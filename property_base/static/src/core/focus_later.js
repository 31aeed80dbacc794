import { onPatched } from "@odoo/owl";

/**
 * Let a component put the cursor into a field that its next drawing shows.
 *
 * @param {{el: HTMLElement | null}} root reference to the root of the component
 * @returns {(selector: string, at?: number) => void} give the field, or one of those that match, the
 *   cursor as soon as it is there, and select what it holds
 */
export function useFocusLater(root) {
    let wanted = null;
    const look = () => {
        const field = wanted && root.el?.querySelectorAll(wanted.selector)[wanted.at];
        field?.focus();
        field?.select?.();
        return Boolean(field);
    };
    onPatched(() => {
        if (look()) {
            wanted = null;
        }
    });
    return (selector, at = 0) => {
        wanted = { selector, at };
        look();
    };
}
