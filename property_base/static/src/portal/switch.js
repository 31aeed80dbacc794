import { _t } from "@web/core/l10n/translation";
import { rpc, RPCError } from "@web/core/network/rpc";
import { Interaction } from "@web/public/interaction";

/**
 * A switch that the server keeps, with a line that says what became of it.
 *
 * A subclass names its `selector`, and in `ask(wanted)` asks the server: it returns whether the
 * switch is on now, and what to say.
 */
export class PropertySwitch extends Interaction {
    dynamicContent = {
        input: { "t-on-change": this.onChange },
    };

    /**
     * @param {boolean} wanted
     * @returns {Promise<{isOn: boolean, told: string}>}
     */
    async ask(wanted) {
        throw new Error(`no switch ${wanted}`);
    }

    rpc(url, values) {
        return this.waitFor(rpc(url, values));
    }

    async onChange(ev) {
        const input = ev.currentTarget;
        input.disabled = true;
        this.tell("");
        try {
            const { isOn, told } = await this.ask(input.checked);
            input.checked = isOn;
            this.tell(told);
        } catch (error) {
            input.checked = !input.checked;
            this.tell(
                error instanceof RPCError ? error.data.message : _t("No connection. Try again.")
            );
        } finally {
            input.disabled = false;
        }
    }

    tell(text) {
        this.el.querySelector(".o_property_switch_note").textContent = text;
    }
}
