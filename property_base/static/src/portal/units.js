import { _t } from "@web/core/l10n/translation";
import { rpc, RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** The switches on the page of a household: who may see the bills of the unit. */
export class PropertyBillAccess extends Interaction {
    static selector = ".o_property_bill_access";
    dynamicContent = {
        input: { "t-on-change": this.onChange },
    };

    async onChange(ev) {
        const input = ev.currentTarget;
        input.disabled = true;
        this.setMessage("");
        try {
            const { allowed } = await this.waitFor(
                rpc("/my/units/bill_access", {
                    occupancy_id: parseInt(this.el.dataset.occupancyId),
                    allowed: input.checked,
                })
            );
            input.checked = allowed;
            this.setMessage(allowed ? _t("Saved: may see the bills") : _t("Saved: bills are hidden"));
        } catch (error) {
            input.checked = !input.checked;
            if (!(error instanceof RPCError)) {
                this.setMessage(_t("No connection. Try again."));
                return;
            }
            this.setMessage(error.data.message);
        } finally {
            input.disabled = false;
        }
    }

    setMessage(text) {
        this.el.querySelector(".o_property_switch_note").textContent = text;
    }
}

registry.category("public.interactions").add("property_base.bill_access", PropertyBillAccess);
