import { Component, onWillStart, useState } from "@odoo/owl";
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
        this.key = useState({ uuid: "", isRegistered: false });
        onWillStart(async () => {
            const key = await keyOf(this.field.state.employee.id);
            Object.assign(this.key, { uuid: key.uuid, isRegistered: key.isRegistered });
        });
    }

    get more() {
        return this.field.tabs.slice(3);
    }
}
