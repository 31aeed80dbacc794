/** States of rounds as people read them. */

import { _t } from "@web/core/l10n/translation";

export const STATES = {
    planned: { name: _t("Not yet"), kind: "" },
    open: { name: _t("To do"), kind: "warn" },
    running: { name: _t("Under way"), kind: "main" },
    done: { name: _t("Done"), kind: "good" },
    incomplete: { name: _t("Not finished"), kind: "bad" },
    missed: { name: _t("Missed"), kind: "bad" },
    cancelled: { name: _t("Cancelled"), kind: "" },
};
