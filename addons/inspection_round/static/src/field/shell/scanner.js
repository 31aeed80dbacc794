import { Component, useState } from "@odoo/owl";
import {
    BarcodeVideoScanner,
    isBarcodeScannerSupported,
} from "@web/core/barcode/barcode_video_scanner";
import { _t } from "@web/core/l10n/translation";
import { useField } from "../core/use_field";

/** The whole picture counts: a label is square, and the band of the scanner is for bar codes. */
class WholePicture extends Component {
    static template = "inspection_round.FieldWholePicture";
    static props = { onResize: Function, isReady: Boolean, slots: Object };
}

class LabelScanner extends BarcodeVideoScanner {
    static components = { ...BarcodeVideoScanner.components, CropOverlay: WholePicture };
}

/** The camera, looking for a code; where there is none, or it is broken, the code can be typed. */
export class Scanner extends Component {
    static template = "inspection_round.FieldScanner";
    static components = { LabelScanner };
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
