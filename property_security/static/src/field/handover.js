/** Hand-overs in the field app: what entries change in what the phone keeps. */

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

registry.category("field_sync").add("handover", {
    label(payload, field) {
        if (payload.event === "take") {
            return _t("Take over");
        }
        const { posts = [] } = field.state.view.handover || {};
        const post = posts.find((one) => one.id === payload.post);
        return _t("Hand over: %(post)s", { post: post?.name || payload.post });
    },
    subject: () => "handover",
    apply(data, payload, { state }) {
        const handover = data.handover;
        if (!handover || state === "failed") {
            return;
        }
        if (payload.event === "take") {
            handover.waiting = handover.waiting.filter((one) => one.id !== payload.handover);
            return;
        }
        const post = handover.posts.find((one) => one.id === payload.post);
        const taker = handover.colleagues.find((one) => one.id === payload.to);
        if (post) {
            Object.assign(post, { state: "unsigned", holder: taker?.name || "" });
        }
    },
});
