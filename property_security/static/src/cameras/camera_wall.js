import { Component, onWillStart, onWillUnmount, useExternalListener, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const REFRESH = 5000; // ms between two pictures of a tile
const FIELDS = ["name", "place", "site_id", "hls_url", "online_state", "can_picture", "last_seen_at"];

/**
 * Whether this browser plays HLS itself: Safari, phones, and Chromium since 142. Others would need a
 * player library (hls.js) that Odoo does not bring and that we do not copy: they see the picture that
 * is fetched again and again, and a link to the stream.
 */
const PLAYS_HLS = Boolean(
    document.createElement("video").canPlayType("application/vnd.apple.mpegurl")
);

/** The cameras of a site side by side: live where it can be played, else a picture that is fetched anew. */
export class CameraWall extends Component {
    static template = "property_security.CameraWall";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ cameras: [], site: null, big: null, turn: Date.now(), broken: {} });
        onWillStart(() => this.load());
        const timer = setInterval(() => this.refresh(), REFRESH);
        onWillUnmount(() => clearInterval(timer));
        useExternalListener(window, "keydown", (ev) => {
            if (ev.key === "Escape") {
                this.state.big = null;
            }
        });
    }

    async load() {
        this.state.cameras = await this.orm.searchRead("property.camera", [], FIELDS);
        this.state.site = this.sites[0]?.id || null;
    }

    /** Fetch new pictures, but not while nobody looks. */
    refresh() {
        if (document.visibilityState === "visible") {
            this.state.turn = Date.now();
        }
    }

    get sites() {
        const found = new Map(this.state.cameras.map((one) => one.site_id));
        return [...found].map(([id, name]) => ({ id, name }));
    }

    get shown() {
        const { big, site, cameras } = this.state;
        return cameras.filter((one) => (big ? one.id === big : one.site_id[0] === site));
    }

    isLive(camera) {
        return Boolean(camera.hls_url) && PLAYS_HLS && !this.state.broken[camera.id];
    }

    picture(camera) {
        return `/property/camera/${camera.id}/picture?t=${this.state.turn}`;
    }

    stateName(camera) {
        return { online: _t("Online"), offline: _t("Offline"), unknown: _t("Not checked") }[
            camera.online_state
        ];
    }

    /** A stream that does not play falls back to pictures. */
    onBroken(camera) {
        this.state.broken[camera.id] = true;
    }

    hide(ev) {
        ev.target.classList.add("o_pc_empty");
    }

    showAgain(ev) {
        ev.target.classList.remove("o_pc_empty");
    }

    toggle(camera) {
        this.state.big = this.state.big ? null : camera.id;
    }

    open(camera) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "property.camera",
            res_id: camera.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("property_security.camera_wall", CameraWall);
