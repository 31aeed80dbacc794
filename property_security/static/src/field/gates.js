/** Gates in the field app. */

import { registry } from "@web/core/registry";
import { GatesScreen } from "./gates_screen";

registry.category("field_screens").add("gates", {
    component: GatesScreen,
    icon: "fa-road",
    sequence: 15,
});
