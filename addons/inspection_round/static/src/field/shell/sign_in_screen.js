import { Component } from "@odoo/owl";
import { useField } from "../core/use_field";

/** Nobody's work is on this phone. */
export class SignInScreen extends Component {
    static template = "inspection_round.FieldSignIn";
    static props = {};

    setup() {
        this.field = useField();
        this.isSafe = window.isSecureContext;
    }
}
