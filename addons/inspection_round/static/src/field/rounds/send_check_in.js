import { _t } from "@web/core/l10n/translation";

/**
 * Queue a check-in.
 *
 * @returns {Promise<boolean>} whether it is kept
 */
export async function sendCheckIn(field, round, point, how, { results, files, note }, draft) {
    const { method, code, nfc, at } = how;
    const payload = {
        ...{ round: round.id, checkpoint: point.id, code: code || null, nfc: nfc || null },
        ...{ method, at, ...(await field.position.fix()), results, files, note },
    };
    const all = [...new Set([files, ...results.map((one) => one.files)].flat())];
    const entry = await field.send("checkin", payload, all, draft);
    if (entry) {
        field.feedback.good();
        field.toast(_t("Checked in: %(point)s", { point: point.name }), "good");
    }
    return Boolean(entry);
}
