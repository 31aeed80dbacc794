import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

const LONGEST = 8;

/** Big keys for a Chinese number plate: the province first, then letters and digits. */
export class PlateKeyboard extends Interaction {
    static selector = ".o_parking_keyboard";
    dynamicContent = {
        ".op-key[data-key]": { "t-on-click": this.onKey },
        ".o_parking_back": { "t-on-click": this.onBack },
        ".op-plate": { "t-on-input": this.update },
    };

    setup() {
        this.plate = this.el.querySelector(".op-plate");
    }

    start() {
        // The keys below replace the keyboard of the phone.
        this.plate.inputMode = "none";
        this.update();
    }

    onKey(ev) {
        const key = ev.currentTarget.dataset.key;
        // Numbers of cars without a plate are longer than plates.
        if (this.plate.value.length < LONGEST || this.plate.value.startsWith("无")) {
            this.plate.value += key;
        }
        this.update();
    }

    onBack() {
        this.plate.value = this.plate.value.slice(0, -1);
        this.update();
    }

    update() {
        const { value } = this.plate;
        this.plate.classList.toggle("op-plate-green", value.length === LONGEST);
        this.el.querySelector(".o_parking_provinces").classList.toggle("d-none", Boolean(value));
        this.el.querySelector(".o_parking_letters").classList.toggle("d-none", !value);
        this.el.querySelector(".o_parking_ask").disabled = value.length < 3;
    }
}

registry.category("public.interactions").add("property_security_billing.plate_keyboard", PlateKeyboard);
