import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useDeviceNews } from "../live/live";

const EVERY = 10000; // ms, where no news comes: a bridge that died sends none
const { DateTime } = luxon;

/** The first page: does the bridge hear, does the account balance, who is silent. */
export class MqttOverview extends Component {
    static template = "mqtt_bridge.Overview";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.state = useState({ data: null });
        this.turn = 0;
        onWillStart(() => this.load());
        useDeviceNews(() => this.loadQuietly());
        const timer = setInterval(() => this.loadQuietly(), EVERY);
        onWillUnmount(() => clearInterval(timer));
    }

    async load() {
        const turn = ++this.turn;
        const data = await this.orm.silent.call("mqtt.overview", "get_overview", []);
        if (turn === this.turn) {
            this.state.data = data;
        }
    }

    async loadQuietly() {
        if (!document.hidden) {
            // a server that restarts is no reason to disturb whoever looks on
            await this.load().catch(() => {});
        }
    }

    get data() {
        return this.state.data;
    }

    get isBalanced() {
        const { difference, unsound } = this.data.account;
        return !difference && !unsound;
    }

    get terms() {
        const account = this.data.account;
        return [
            { sign: "", name: _t("Received"), value: account.received, open: "account" },
            { sign: "=", name: _t("Stored"), value: account.stored, open: "messages" },
            { sign: "+", name: _t("Duplicates"), value: account.duplicate, open: "account" },
            { sign: "+", name: _t("Dead letters"), value: account.dead, open: "letters" },
            { sign: "+", name: _t("Waiting"), value: account.queued, open: "devices" },
        ];
    }

    get bars() {
        const most = Math.max(1, ...this.data.hours.map((hour) => hour.received));
        return this.data.hours.map((hour) => {
            const at = deserializeDateTime(hour.hour);
            return {
                ...hour,
                label: at.toFormat("HH"),
                height: `${Math.round((hour.received / most) * 100)}%`,
                dead: hour.received ? `${Math.round((hour.dead / hour.received) * 100)}%` : "0%",
                hint: _t("%(hour)s: %(received)s received, %(dead)s dead letters", {
                    hour: at.toFormat("HH:mm"),
                    received: hour.received,
                    dead: hour.dead,
                }),
            };
        });
    }

    get statuses() {
        const devices = this.data.devices;
        return [
            { key: "online", name: _t("Online"), value: devices.online, color: "success" },
            { key: "silent", name: _t("Silent"), value: devices.silent, color: "warning" },
            { key: "offline", name: _t("Offline"), value: devices.offline, color: "danger" },
            { key: "never", name: _t("Never heard"), value: devices.never, color: "secondary" },
        ];
    }

    number(value) {
        return value.toLocaleString();
    }

    ago(text) {
        return text ? deserializeDateTime(text).toRelative({ base: DateTime.now() }) : _t("never");
    }

    when(text) {
        return formatDateTime(deserializeDateTime(text));
    }

    stateOf(broker) {
        if (broker.state === "online") {
            return { color: "success", icon: "fa-check-circle", name: _t("Connected") };
        }
        if (broker.state === "waiting") {
            return { color: "warning", icon: "fa-plug", name: _t("Not connected to the broker") };
        }
        return { color: "danger", icon: "fa-times-circle", name: _t("No bridge is running") };
    }

    // Doors --------------------------------------------------------------------------------

    async open(what, domain) {
        const action = await this.action.loadAction(`mqtt_bridge.${ACTIONS[what]}`);
        const narrowed = domain ? { ...action, domain, context: {} } : action;
        await this.action.doAction(narrowed);
    }

    openDevices(status) {
        return this.open("devices", [["state", "=", "accepted"], ["status", "=", status]]);
    }

    openQuarantine() {
        return this.open("devices", [["state", "=", "quarantined"]]);
    }

    openDevice(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "mqtt.device",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openSubscription(id) {
        return this.open("account", [["subscription_id", "=", id]]);
    }

    openLetters(reason) {
        return this.open("letters", [["state", "=", "open"], ["reason", "=", reason]]);
    }

    openAlarm(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "mqtt.alarm",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    colorOf(severity) {
        return { critical: "danger", major: "warning", minor: "info" }[severity] || "secondary";
    }

    openMissing(id) {
        return this.open("missing", [["device_id", "=", id], ["is_settled", "=", false]]);
    }
}

const ACTIONS = {
    account: "mqtt_tally_action",
    messages: "mqtt_message_action",
    letters: "mqtt_dead_letter_action",
    devices: "mqtt_device_action",
    missing: "mqtt_gap_action",
    alarms: "mqtt_alarm_action",
    bridges: "mqtt_process_action",
};

registry.category("actions").add("mqtt_bridge.overview", MqttOverview);
