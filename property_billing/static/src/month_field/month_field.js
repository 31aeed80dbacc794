import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { DateTimeField, dateField } from "@web/views/fields/datetime/datetime_field";

/** A month, kept as its first day and shown without one: 2026年10月. */
export class MonthField extends DateTimeField {
    getFormattedValue(valueIndex) {
        const day = this.values[valueIndex];
        return day ? day.toLocaleString({ year: "numeric", month: "long" }) : "";
    }
}

registry.category("fields").add("property_month", {
    ...dateField,
    component: MonthField,
    displayName: _t("Month"),
    extractProps: (...args) => ({ ...dateField.extractProps(...args), minPrecision: "months" }),
});
