import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** The link of a pass: sent with the telephone's own menu, or copied. */
export class PropertyVisitorShare extends Interaction {
    static selector = ".o_property_visitor_share";
    dynamicContent = {
        ".o_property_visitor_send": {
            "t-on-click": this.onSend,
            "t-att-hidden": () => (navigator.share ? undefined : "hidden"),
        },
        ".o_property_visitor_copy": { "t-on-click": this.onCopy },
        ".o_property_visitor_link": { "t-on-focus": (ev) => ev.currentTarget.select() },
    };

    async onSend() {
        const { link, title } = this.el.dataset;
        try {
            await this.waitFor(navigator.share({ title, text: title, url: link }));
        } catch (error) {
            if (error.name !== "AbortError") {
                await this.onCopy(); // the telephone would not share: the link is copied instead
            }
        }
    }

    async onCopy() {
        const field = this.el.querySelector(".o_property_visitor_link");
        try {
            await this.waitFor(navigator.clipboard.writeText(field.value));
            this.say(_t("Copied. Paste it into a message to your visitor."));
        } catch {
            field.select();
            this.say(_t("Press the link long to copy it."));
        }
    }

    say(text) {
        this.el.querySelector(".o_property_visitor_note").textContent = text;
    }
}

/** The lines of an item release: a few are shown, and one more at each tap. */
export class PropertyVisitorItems extends Interaction {
    static selector = ".o_property_visitor_items";
    dynamicContent = {
        ".o_property_visitor_item_add": {
            "t-on-click": () => this.hidden[0]?.removeAttribute("hidden"),
            "t-att-hidden": () => (this.hidden.length ? undefined : "hidden"),
        },
    };

    get hidden() {
        return [...this.el.querySelectorAll(".op-visitor-item[hidden]")];
    }
}

registry.category("public.interactions").add("property_security.visitor_share", PropertyVisitorShare);
registry.category("public.interactions").add("property_security.visitor_items", PropertyVisitorItems);
