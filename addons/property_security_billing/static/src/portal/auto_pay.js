import { _t } from "@web/core/l10n/translation";
import { rpc, RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** The switch with which a holder lets parking fees be taken from his balance. */
export class ParkingAutoPay extends Interaction {
    static selector = ".o_my_auto_pay";
    dynamicContent = {
        input: { "t-on-change": this.onChange },
    };

    async onChange(ev) {
        const input = ev.currentTarget;
        input.disabled = true;
        this.setMessage("");
        try {
            const { wanted } = await this.waitFor(
                rpc("/my/vehicles/auto_pay", {
                    vehicle_id: parseInt(this.el.dataset.vehicleId),
                    wanted: input.checked,
                })
            );
            input.checked = wanted;
            this.setMessage(
                wanted
                    ? _t("Saved: fees are taken from your balance. You can switch this off any time.")
                    : _t("Saved: nothing is taken from your balance.")
            );
        } catch (error) {
            input.checked = !input.checked;
            this.setMessage(
                error instanceof RPCError ? error.data.message : _t("No connection. Try again.")
            );
        } finally {
            input.disabled = false;
        }
    }

    setMessage(text) {
        this.el.querySelector(".o_property_switch_note").textContent = text;
    }
}

registry.category("public.interactions").add("property_security_billing.auto_pay", ParkingAutoPay);
