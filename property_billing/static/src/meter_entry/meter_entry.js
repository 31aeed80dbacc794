import { Component, onWillStart, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const READING = "property.meter.reading";
const PHOTO_SIZE = 1600;

/** Read a number as people type it: full-width digits, a comma or a Chinese stop as the point. */
function parseReading(text) {
    const plain = text
        .normalize("NFKC")
        .replace(/[，,。]/g, ".")
        .replace(/\s/g, "");
    return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}

/** Shrink a photo in the browser: a phone's picture is megabytes, a counter needs little. */
async function shrink(file) {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, PHOTO_SIZE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/jpeg", 0.8).split(",")[1];
}

/** A round of reading: meters in walking order, one number after the other, Enter for the next. */
export class MeterEntry extends Component {
    static template = "property_billing.MeterEntry";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.state = useState({
            sites: [],
            buildings: [],
            kinds: [],
            siteId: 0,
            buildingId: 0,
            kind: "",
            day: "",
            search: "",
            onlyOpen: false,
            meters: [],
            isCut: false,
            isLoading: false,
        });
        onWillStart(async () => {
            const choices = await this.orm.call(READING, "entry_choices", []);
            Object.assign(this.state, {
                sites: choices.sites,
                buildings: choices.buildings,
                kinds: choices.kinds,
                day: choices.day,
                siteId: choices.sites[0]?.id || 0,
                kind: choices.kinds[0]?.[0] || "",
            });
            this.state.buildingId = this.buildings[0]?.id || 0;
            await this.load();
        });
    }

    get buildings() {
        const { siteId, kind } = this.state;
        return this.state.buildings.filter(
            (building) => building.site_id === siteId && building.kinds.includes(kind)
        );
    }

    get shown() {
        const words = this.state.search.trim().toLowerCase();
        return this.state.meters.filter(
            (meter) =>
                (!this.state.onlyOpen || !meter.entered || meter.isFresh) &&
                (!words || `${meter.place} ${meter.code}`.toLowerCase().includes(words))
        );
    }

    get doneCount() {
        return this.state.meters.filter((meter) => meter.entered).length;
    }

    get progress() {
        const count = this.state.meters.length;
        return count ? Math.round((this.doneCount / count) * 100) : 0;
    }

    number(value) {
        return formatFloat(value, { digits: [16, 3], trailingZeros: false });
    }

    async load() {
        if (!this.state.siteId || !this.state.kind || !this.state.day) {
            this.state.meters = [];
            return;
        }
        this.state.isLoading = true;
        try {
            const { siteId, kind, buildingId, day } = this.state;
            const sheet = await this.orm.call(READING, "entry_sheet", [
                siteId,
                kind,
                buildingId || false,
                day,
            ]);
            this.state.meters = sheet.meters.map((meter) => ({
                ...meter,
                text: meter.entered ? this.number(meter.entered.value) : "",
                error: "",
                isFresh: false,
                isSaving: false,
            }));
            this.state.isCut = sheet.is_cut;
        } finally {
            this.state.isLoading = false;
        }
    }

    async onChoose(name, value) {
        this.state[name] = ["siteId", "buildingId"].includes(name) ? Number(value) : value;
        // a building without such a meter would show an empty round
        const isThere = this.buildings.some(({ id }) => id === this.state.buildingId);
        if (name === "siteId" || (name === "kind" && this.state.buildingId && !isThere)) {
            this.state.buildingId = this.buildings[0]?.id || 0;
        }
        await this.load();
    }

    async save(meter, photo = false) {
        const text = meter.text.trim();
        if (!text || meter.isSaving) {
            return;
        }
        const value = parseReading(text);
        if (value === null) {
            meter.error = _t("Enter the number the counter shows.");
            return;
        }
        const entered = meter.entered;
        if (!photo && entered && !entered.is_estimated && entered.value === value) {
            meter.error = "";
            return;
        }
        meter.isSaving = true;
        try {
            meter.entered = await this.orm.silent.call(READING, "enter_reading", [
                meter.id,
                this.state.day,
                value,
                photo,
            ]);
            meter.error = "";
            meter.isFresh = true;
        } catch (error) {
            meter.error = error.data?.message || _t("Not saved. Check the connection, try again.");
        } finally {
            meter.isSaving = false;
        }
    }

    onKeydown(ev, meter) {
        if (["Enter", "ArrowDown", "ArrowUp"].includes(ev.key)) {
            ev.preventDefault();
            this.focusNext(ev.target, ev.key === "ArrowUp" ? -1 : 1);
            if (ev.key === "Enter") {
                this.save(meter);
            }
        }
    }

    focusNext(input, step) {
        const inputs = [...this.root.el.querySelectorAll(".o_meter_entry_value")];
        const next = inputs[inputs.indexOf(input) + step];
        if (next) {
            next.focus();
            next.select();
            next.scrollIntoView({ block: "nearest" });
        } else {
            input.blur();
        }
    }

    async onPhoto(ev, meter) {
        const file = ev.target.files[0];
        ev.target.value = "";
        if (!file) {
            return;
        }
        if (!meter.text.trim()) {
            meter.error = _t("Enter the reading first, then take the photo.");
            return;
        }
        let photo;
        try {
            photo = await shrink(file);
        } catch {
            this.notification.add(_t("This picture cannot be read."), { type: "warning" });
            return;
        }
        await this.save(meter, photo);
    }
}

registry.category("actions").add("property_meter_entry", MeterEntry);
