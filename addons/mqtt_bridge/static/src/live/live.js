import { useService } from "@web/core/utils/hooks";
import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";
import { FormController } from "@web/views/form/form_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { listView } from "@web/views/list/list_view";
import { ListController } from "@web/views/list/list_controller";
import { onMounted, onWillUnmount } from "@odoo/owl";

export const NEWS = "mqtt.device/live";
const QUIET = 1000; // ms between two readings

/**
 * Call something when devices were heard, at most once a second, the last time included.
 *
 * @param {(payload: {devices: number[], changed: number}) => any} callback
 */
export function useDeviceNews(callback) {
    const bus = useService("bus_service");
    let timer = null;
    let latest = null;
    let last = 0;
    const run = async () => {
        timer = null;
        last = Date.now();
        await callback(latest);
    };
    const onNews = (payload) => {
        latest = payload;
        timer ??= setTimeout(run, Math.max(0, last + QUIET - Date.now()));
    };
    onMounted(() => {
        bus.subscribe(NEWS, onNews);
        bus.start();
    });
    onWillUnmount(() => {
        bus.unsubscribe(NEWS, onNews);
        clearTimeout(timer);
    });
}

/** Read records again, unless somebody is at work on them. */
function liveRecords(Controller) {
    return class extends Controller {
        setup() {
            super.setup();
            useDeviceNews(() => this.readAgain());
        }

        async readAgain() {
            const root = this.model.root;
            const isBusy =
                document.hidden ||
                root.editedRecord ||
                root.selection?.length ||
                root.isDomainSelected ||
                this.model.useSampleModel;
            if (!isBusy) {
                await root.load();
            }
        }
    };
}

export class LiveFormController extends FormController {
    setup() {
        super.setup();
        useDeviceNews((news) => this.readAgain(news));
    }

    async readAgain({ devices }) {
        const root = this.model.root;
        const isShown = root.resId && devices.includes(root.resId);
        if (isShown && !document.hidden && !(await root.isDirty())) {
            await root.load();
        }
    }
}

export const LiveListController = liveRecords(ListController);
export const LiveKanbanController = liveRecords(KanbanController);

const views = registry.category("views");
views.add("mqtt_live_list", { ...listView, Controller: LiveListController });
views.add("mqtt_live_kanban", { ...kanbanView, Controller: LiveKanbanController });
views.add("mqtt_live_form", { ...formView, Controller: LiveFormController });
