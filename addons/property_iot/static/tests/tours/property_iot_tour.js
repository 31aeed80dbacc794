import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("property_iot_connect", {
    steps: () => [
        ...stepUtils.goToAppSteps("property_base.menu_property_root", "Open Property"),
        {
            content: "Open Billing Setup",
            trigger: "[data-menu-xmlid='property_billing.menu_billing_setup']",
            run: "click",
        },
        {
            content: "Open Connect Meters",
            trigger: "[data-menu-xmlid='property_iot.menu_meter_connect']",
            run: "click",
        },
        {
            content: "The device stands beside the meter of its number, with what it shows",
            trigger: ".modal .o_data_row:contains('Tour meter device'):contains('TOUR-1'):contains('1,234.5')",
        },
        {
            content: "Connect",
            trigger: ".modal footer button[name=action_connect]",
            run: "click",
        },
        {
            content: "The list of meters that devices read is there",
            trigger: ".o_breadcrumb .active:contains('Meters Read by Devices')",
        },
        {
            content: "The meter is in it",
            trigger: ".o_data_row td[name=code]:contains('TOUR-1')",
            run: "click",
        },
        {
            content: "It shows what the device says",
            trigger: ".o_form_view .o_field_widget[name=live_value]:contains('1,234.5')",
        },
        {
            content: "Take it as today's reading",
            trigger: "button[name=action_take_live]",
            run: "click",
        },
        {
            content: "It is among the readings",
            trigger: ".o_field_widget[name=reading_ids] .o_data_row td[name=value]:contains('1,234.5')",
        },
        {
            content: "Open the device",
            trigger: "button[name=action_device]",
            run: "click",
        },
        {
            content: "The device leads back to its meter",
            trigger: "button[name=action_view_meters]:contains('1')",
        },
    ],
});
