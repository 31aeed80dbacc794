import { Component, useState } from "@odoo/owl";
import {
    BarcodeVideoScanner,
    isBarcodeScannerSupported,
} from "@web/core/barcode/barcode_video_scanner";
import { _t } from "@web/core/l10n/translation";
import { useField } from "../core/use_field";

/** The camera, looking for a code; where there is none, or it is broken, the code can be typed. */
export class Scanner extends Component {
    static template = "inspection_round.FieldScanner";
    static components = { BarcodeVideoScanner };
    static props = { hint: String, done: Function };

    setup() {
        this.field = useField();
        const hasCamera = isBarcodeScannerSupported();
        this.state = useState({
            hasCamera,
            error: hasCamera ? "" : _t("The camera needs an address that begins with https."),
            code: "",
        });
    }

    onResult(code) {
        this.field.feedback.good();
        this.props.done({ code, method: "qr" });
    }

    onError(error) {
        this.state.hasCamera = false;
        this.state.error = error.message;
    }

    onTyped() {
        if (this.state.code.trim()) {
            this.props.done({ code: this.state.code.trim(), method: "manual" });
        }
    }
}
