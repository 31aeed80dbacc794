import { Component, onWillDestroy, onWillRender, useState } from "@odoo/owl";
import { useField } from "./use_field";

/** Photos that were taken, and the button that takes one more. */
export class Photos extends Component {
    static template = "inspection_round.FieldPhotos";
    static props = {
        files: Array,
        hasRoom: Boolean,
        isRequired: Boolean,
        onTake: Function,
        onDrop: Function,
    };

    setup() {
        this.field = useField();
        this.state = useState({ urls: {}, isBusy: false });
        this.asked = new Set();
        onWillRender(() => this.load());
        onWillDestroy(() => Object.values(this.state.urls).forEach((url) => URL.revokeObjectURL(url)));
    }

    load() {
        for (const name of this.props.files) {
            if (!this.asked.has(name)) {
                this.asked.add(name);
                this.field.photoUrl(name).then((url) => (this.state.urls[name] = url));
            }
        }
    }

    async onChosen(ev) {
        const input = ev.target;
        this.state.isBusy = this.field.state.isMaking = true;
        try {
            for (const file of [...input.files]) {
                await this.props.onTake(file);
            }
        } finally {
            input.value = "";
            this.state.isBusy = this.field.state.isMaking = false;
        }
    }
}
