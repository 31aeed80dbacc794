import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { NoAnswer, ask } from "@inspection_round/field/core/http";
import { useField } from "@inspection_round/field/core/use_field";
import { call } from "./call";
import { NewRequestPage } from "./new_request_page";

/** Who lives where: asked from the server, never kept on the phone. */
export class RegisterScreen extends Component {
    static template = "property_maintenance.FieldRegister";
    static props = {};

    setup() {
        this.field = useField();
        this.state = useState({ text: "", homes: null, isBusy: false });
    }

    async search(ev) {
        ev.preventDefault();
        const text = this.state.text.trim();
        if (!text || this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            const { status, answer } = await ask(`/field/register?text=${encodeURIComponent(text)}`);
            if (status === 200) {
                this.state.homes = answer.homes;
            } else {
                this.field.toast(answer.error || _t("That did not work. Try again later."), "bad");
            }
        } catch (error) {
            if (!(error instanceof NoAnswer)) {
                throw error;
            }
            this.field.toast(_t("The register needs a network."), "bad");
        } finally {
            this.state.isBusy = false;
        }
    }

    call(person) {
        return call(this.field, { partner: person.id });
    }

    raise(home) {
        this.field.open(NewRequestPage, { home }, _t("New request"));
    }
}
