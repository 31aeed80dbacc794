import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const pick = (field, words, label) => [
    {
        content: `Look for ${label}`,
        trigger: `.o_field_widget[name=${field}] input`,
        run: `edit ${words}`,
    },
    {
        content: `Choose ${label}`,
        trigger: `.o-autocomplete--dropdown-item a:contains('${label}')`,
        run: "click",
    },
];

registry.category("web_tour.tours").add("mqtt_rule_made", {
    steps: () => [
        ...stepUtils.goToAppSteps("mqtt_bridge.menu_mqtt", "Open Device Messages"),
        {
            content: "Open Setup",
            trigger: "[data-menu-xmlid='mqtt_bridge.menu_setup']",
            run: "click",
        },
        {
            content: "Open Rules",
            trigger: "[data-menu-xmlid='mqtt_bridge.menu_rules']",
            run: "click",
        },
        {
            content: "The list is there",
            trigger: ".o_breadcrumb .active:contains('Rules')",
        },
        { content: "A new one", trigger: ".o_list_button_add", run: "click" },
        {
            content: "Name it",
            trigger: ".o_field_widget[name=name] input",
            run: "edit Motor too hot",
        },
        ...pick("broker_id", "Tour roof", "Tour roof"),
        ...pick("subscription_id", "Tour lifts", "Tour lifts"),
        {
            content: "A condition that cannot be read",
            trigger: ".o_field_widget[name=condition] textarea",
            run: "edit payload.t >",
        },
        { content: "Save", trigger: ".o_form_button_save", run: "click" },
        {
            content: "It is refused with a word on why",
            trigger: ".modal .o_error_dialog, .modal:contains('cannot be read')",
        },
        {
            content: "Close",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "A good condition",
            trigger: ".o_field_widget[name=condition] textarea",
            run: "edit metrics.t > 80",
        },
        {
            content: "When it is over",
            trigger: ".o_field_widget[name=clear_condition] textarea",
            run: "edit metrics.t < 70",
        },
        ...stepUtils.saveForm(),
        { content: "Try it", trigger: "button[name=action_try]", run: "click" },
        {
            content: "It would have acted on the message of before",
            trigger: ".modal .o_data_row:contains('Begins'):contains('T = 90')",
        },
        {
            content: "Close",
            trigger: ".modal-footer button:contains('Close')",
            run: "click",
        },
        { content: "It is closed", trigger: "body:not(:has(.modal))" },
    ],
});

registry.category("web_tour.tours").add("mqtt_alarm_acknowledged", {
    steps: () => [
        ...stepUtils.goToAppSteps("mqtt_bridge.menu_mqtt", "Open Device Messages"),
        {
            content: "Open Alarms",
            trigger: "[data-menu-xmlid='mqtt_bridge.menu_alarms']",
            run: "click",
        },
        {
            content: "Acknowledge the alarm",
            trigger: ".o_kanban_record:contains('Motor too hot') button[name=action_acknowledge]",
            run: "click",
        },
        {
            content: "It says so",
            trigger:
                ".o_kanban_record:contains('Motor too hot'):contains('Acknowledged'):not(:has(button[name=action_acknowledge]))",
        },
        {
            content: "Open it",
            trigger: ".o_kanban_record:contains('Motor too hot')",
            run: "click",
        },
        {
            content: "It has the values",
            trigger: ".o_form_view .o_field_widget[name=value]:contains('T = 85')",
        },
    ],
});
