import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

const LONGEST_SIDE = 1600; // pixels, as the server keeps them
const QUALITY = 0.8;

/**
 * The photos of a request: chosen or taken one after the other, looked at, made small on the
 * telephone. Without this the plain file field of the form sends them as they are.
 */
export class PropertyRequestPhotos extends Interaction {
    static selector = ".o_property_photos";
    dynamicContent = {
        ".o_property_photos_input": { "t-on-change": this.onChoose },
        ".o_property_photos_shown": { "t-on-click": this.onDrop },
    };

    setup() {
        this.input = this.el.querySelector(".o_property_photos_input");
        this.shown = this.el.querySelector(".o_property_photos_shown");
        this.note = this.el.querySelector(".o_property_photos_note");
        this.most = parseInt(this.el.dataset.most);
        this.files = [];
    }

    async onChoose() {
        const chosen = [...this.input.files];
        const photos = chosen.filter((file) => file.type.startsWith("image/"));
        const room = Math.max(this.most - this.files.length, 0);
        const small = await this.waitFor(
            Promise.all(photos.slice(0, room).map((file) => this.shrink(file)))
        );
        this.files.push(...small);
        this.show();
        this.say(
            photos.length > room
                ? _t("At most %s photos: the others were left out.", this.most)
                : photos.length < chosen.length
                  ? _t("Only photos can be added here.")
                  : ""
        );
    }

    onDrop(ev) {
        const drop = ev.target.closest(".o_property_photo_drop");
        if (drop) {
            this.files.splice(parseInt(drop.dataset.index), 1);
            this.show();
            this.say("");
        }
    }

    /** Return the photo as a small upright JPEG; as it is where the browser cannot read it. */
    async shrink(file) {
        try {
            const bitmap = await createImageBitmap(file);
            const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
            const canvas = document.createElement("canvas");
            canvas.width = Math.round(bitmap.width * scale);
            canvas.height = Math.round(bitmap.height * scale);
            canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
            bitmap.close();
            const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
            return blob
                ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" })
                : file;
        } catch {
            return file;
        }
    }

    /** Give the field of the form exactly the photos that are shown. */
    show() {
        const transfer = new DataTransfer();
        for (const file of this.files) {
            transfer.items.add(file);
        }
        this.input.files = transfer.files;
        this.shown.replaceChildren(...this.files.map((file, index) => this.tile(file, index)));
        this.el.classList.toggle("o_property_photos_full", this.files.length >= this.most);
    }

    tile(file, index) {
        const tile = document.createElement("div");
        const image = document.createElement("img");
        const drop = document.createElement("button");
        tile.className = "op-photo";
        image.src = URL.createObjectURL(file);
        image.alt = _t("Photo %s", index + 1);
        image.onload = () => URL.revokeObjectURL(image.src);
        drop.type = "button";
        drop.className = "o_property_photo_drop";
        drop.dataset.index = index;
        drop.setAttribute("aria-label", _t("Take photo %s away", index + 1));
        drop.textContent = "×";
        tile.append(image, drop);
        return tile;
    }

    say(text) {
        this.note.textContent = text;
    }
}

registry.category("public.interactions").add("property_maintenance.request_photos", PropertyRequestPhotos);
