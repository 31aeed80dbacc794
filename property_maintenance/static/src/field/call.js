/** Calling somebody: the number is asked for when it is needed, and that is logged. */

import { _t } from "@web/core/l10n/translation";
import { NoAnswer, ask } from "@inspection_round/field/core/http";

/**
 * Dial a number that the phone does not keep.
 *
 * @param {import("@inspection_round/field/core/field").Field} field
 * @param {{request: number} | {partner: number}} who
 */
export async function call(field, who) {
    try {
        const { status, answer } = await ask("/field/phone", who);
        if (status !== 200) {
            field.toast(answer.error || _t("That did not work. Try again later."), "bad");
        } else if (!answer.phone) {
            field.toast(_t("No phone number is known."), "warn");
        } else {
            location.href = `tel:${answer.phone.replace(/[^\d+]/g, "")}`;
        }
    } catch (error) {
        if (!(error instanceof NoAnswer)) {
            throw error;
        }
        field.toast(_t("The number is asked from the server: there is no network now."), "bad");
    }
}
