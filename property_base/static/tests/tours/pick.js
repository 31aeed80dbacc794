import { rpcBus } from "@web/core/network/rpc";

const asked = new Set();
rpcBus.addEventListener("RPC:REQUEST", ({ detail }) => asked.add(detail.data.id));
rpcBus.addEventListener("RPC:RESPONSE", ({ detail }) => asked.delete(detail.data.id));

const drawn = async () => {
    for (let frames = 0; frames < 2; frames++) {
        await new Promise(requestAnimationFrame);
    }
};

/** A step: the server has answered all that was asked, and its answer is on the screen. */
const settled = {
    content: "The server has answered",
    trigger: "body",
    async run() {
        await drawn();
        while (asked.size) {
            await drawn();
        }
        await drawn();
    },
};

/**
 * Steps that choose a record in a field of a form. What the form fills in then is there at their end:
 * whatever is typed before may be swept away by it.
 *
 * @param {string} field
 * @param {string} words typed to find it
 * @param {string} [label] as it is offered
 */
export const pick = (field, words, label = words) => [
    {
        content: `Look for ${label}`,
        trigger: `.o_field_widget[name=${field}] input`,
        run: `edit ${words}`,
    },
    {
        content: `Choose ${label}`,
        trigger: `.o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option):contains('${label}')`,
        run: "click",
    },
    settled,
];
