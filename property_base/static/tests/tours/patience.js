import { patch } from "@web/core/utils/patch";
import { registry } from "@web/core/registry";

// A tour tells what a person sees, not how soon: a busy machine may take a minute for a step.
patch(registry.category("web_tour.tours"), {
    get() {
        return { timeout: 60000, ...super.get(...arguments) };
    },
});
