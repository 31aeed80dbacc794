import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** Draw a signature with the finger; it goes with the form as a picture. */
export class PropertySignature extends Interaction {
    static selector = ".o_property_signature";
    dynamicContent = {
        canvas: {
            "t-on-pointerdown": this.onDown,
            "t-on-pointermove": this.onMove,
            "t-on-pointerup": this.onUp,
            "t-on-pointercancel": this.onUp,
            "t-on-pointerleave": this.onUp,
        },
        ".o_property_signature_clear": { "t-on-click": this.clear },
    };

    setup() {
        this.canvas = this.el.querySelector("canvas");
        this.input = this.el.querySelector("input");
        this.isDrawing = false;
    }

    start() {
        const { width, height } = this.canvas.getBoundingClientRect();
        this.canvas.width = Math.max(width, 1);
        this.canvas.height = Math.max(height, 1);
        this.pen = this.canvas.getContext("2d");
        Object.assign(this.pen, { lineWidth: 3, lineCap: "round", strokeStyle: "#17302b" });
    }

    point(ev) {
        const box = this.canvas.getBoundingClientRect();
        return [ev.clientX - box.left, ev.clientY - box.top];
    }

    onDown(ev) {
        this.isDrawing = true;
        this.pen.beginPath();
        this.pen.moveTo(...this.point(ev));
    }

    onMove(ev) {
        if (this.isDrawing) {
            this.pen.lineTo(...this.point(ev));
            this.pen.stroke();
        }
    }

    onUp() {
        if (this.isDrawing) {
            this.isDrawing = false;
            this.input.value = this.canvas.toDataURL("image/png");
        }
    }

    clear() {
        this.pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
        this.input.value = "";
    }
}

registry.category("public.interactions").add("property_leasing.signature", PropertySignature);
