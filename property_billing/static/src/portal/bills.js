import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** Choose which bills to pay; the sum follows at once. */
export class PropertyPayGroup extends Interaction {
    static selector = ".o_property_pay_group";
    dynamicContent = {
        ".o_property_bill": { "t-on-change": this.update },
        ".o_property_unit_all": { "t-on-change": this.onUnit },
        ".o_property_all": { "t-on-change": this.onAll },
    };

    start() {
        // A browser that goes back keeps the boxes as they were left.
        this.update();
        this.addListener(window, "pageshow", () => this.update());
    }

    onUnit(ev) {
        this.check(this.bills(ev.currentTarget.closest(".o_property_unit")), ev.currentTarget.checked);
    }

    onAll(ev) {
        this.check(this.bills(this.el), ev.currentTarget.checked);
    }

    check(boxes, checked) {
        for (const box of boxes) {
            box.checked = checked;
        }
        this.update();
    }

    bills(el) {
        return [...el.querySelectorAll(".o_property_bill")];
    }

    update() {
        const digits = parseInt(this.el.dataset.digits);
        const all = this.bills(this.el);
        const chosen = all.filter((box) => box.checked);
        // Whole fen: sums of decimals are not exact.
        const unit = 10 ** digits;
        const total = chosen.reduce(
            (sum, box) => sum + Math.round(parseFloat(box.dataset.amount) * unit),
            0
        );
        for (const unitEl of this.el.querySelectorAll(".o_property_unit")) {
            this.mark(unitEl.querySelector(".o_property_unit_all"), this.bills(unitEl));
        }
        this.mark(this.el.querySelector(".o_property_all"), all);
        const totalEl = this.el.querySelector(".o_property_total");
        if (totalEl) {
            totalEl.textContent = (total / unit).toLocaleString("en-US", {
                minimumFractionDigits: digits,
                maximumFractionDigits: digits,
            });
            this.el.querySelector(".o_property_count").textContent = chosen.length;
            this.el.querySelector(".o_property_pay").disabled = !chosen.length;
        }
    }

    mark(box, boxes) {
        if (!box) {
            return;
        }
        const count = boxes.filter((other) => other.checked).length;
        box.disabled = !boxes.length;
        box.checked = Boolean(count) && count === boxes.length;
        box.indeterminate = Boolean(count) && count < boxes.length;
    }
}

registry.category("public.interactions").add("property_billing.pay_group", PropertyPayGroup);
