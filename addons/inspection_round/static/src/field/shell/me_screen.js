import { Component, onWillStart } from "@odoo/owl";
import { keyOf } from "../core/keys";
import { time } from "../core/format";
import { useField } from "../core/use_field";

/** Who is signed in, on which phone, and the screens that have no tab. */
export class MeScreen extends Component {
    static template = "inspection_round.FieldMe";
    static props = {};

    setup() {
        this.field = useField();
        this.time = time;
        onWillStart(async () => {
            this.key = await keyOf(this.field.state.employee.id);
        });
    }

    get more() {
        return this.field.tabs.slice(3);
    }
}
