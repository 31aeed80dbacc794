/* The field app begins here. Every addon whose scripts are in the bundle has registered by then. */

import { App, whenReady } from "@odoo/owl";
import { appTranslateFn } from "@web/core/l10n/translation";
import { getTemplate } from "@web/core/templates";
import { Field } from "./core/field";
import { install } from "./core/update";
import { FieldApp } from "./shell/app";

async function boot() {
    await whenReady();
    const field = new Field();
    history.replaceState({ depth: 0 }, "");
    window.addEventListener("popstate", (event) => field.onPop(event.state?.depth || 0));
    await field.work.start();
    document.body.replaceChildren();
    const code = new URLSearchParams(location.search).get("c");
    if (code) {
        history.replaceState({ depth: 0 }, "", "/field/");
        field.state.openedCode = code;
    }
    const app = new App(FieldApp, {
        env: { field },
        getTemplate,
        translateFn: appTranslateFn,
        translatableAttributes: ["data-tooltip"],
    });
    await app.mount(document.body);
    await install((activate) => (field.state.update = activate));
}

/** Say that nothing works: a browser in private mode keeps nothing, an old one knows too little. */
function tell(error) {
    const text = document.createElement("p");
    text.className = "f-broken";
    text.textContent = `${error.name}: ${error.message}`;
    document.querySelector(".f-splash")?.append(text);
    throw error;
}

// modules of other addons stand behind this one in the bundle: let them register first
setTimeout(() => boot().catch(tell));
