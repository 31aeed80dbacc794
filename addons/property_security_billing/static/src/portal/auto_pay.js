import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { PropertySwitch } from "@property_base/portal/switch";

/** The switch with which a holder lets parking fees be taken from his balance. */
export class ParkingAutoPay extends PropertySwitch {
    static selector = ".o_my_auto_pay";

    async ask(wanted) {
        const answer = await this.rpc("/my/vehicles/auto_pay", {
            vehicle_id: parseInt(this.el.dataset.vehicleId),
            wanted,
        });
        return {
            isOn: answer.wanted,
            told: answer.wanted
                ? _t("Saved: fees are taken from your balance. You can switch this off any time.")
                : _t("Saved: nothing is taken from your balance."),
        };
    }
}

registry.category("public.interactions").add("property_security_billing.auto_pay", ParkingAutoPay);
