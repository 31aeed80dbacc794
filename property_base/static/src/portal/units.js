import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { PropertySwitch } from "./switch";

/** The switches on the page of a household: who may see the bills of the unit. */
export class PropertyBillAccess extends PropertySwitch {
    static selector = ".o_property_bill_access";

    async ask(wanted) {
        const { allowed } = await this.rpc("/my/units/bill_access", {
            occupancy_id: parseInt(this.el.dataset.occupancyId),
            allowed: wanted,
        });
        return {
            isOn: allowed,
            told: allowed ? _t("Saved: may see the bills") : _t("Saved: bills are hidden"),
        };
    }
}

registry.category("public.interactions").add("property_base.bill_access", PropertyBillAccess);
