import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** A site manager registers a lift, its certificate and its maintenance plan. */
registry.category("web_tour.tours").add("property_equipment_setup", {
    url: "/odoo/property-equipment",
    steps: () => [
        { trigger: ".o_kanban_view" },
        { trigger: ".o_kanban_button_new, .o-kanban-button-new", run: "click" },
        { trigger: ".o_field_widget[name='name'] input, .o_field_widget[name='name'] textarea", run: "edit Tour Lift" },
        { trigger: ".o_field_widget[name='site_id'] input", run: "edit Test Garden" },
        { trigger: ".o_field_widget[name='site_id'] .dropdown-item:contains('Test Garden')", run: "click" },
        { trigger: ".o_field_widget[name='class_id'] input", run: "edit Test Lift" },
        { trigger: ".o_field_widget[name='class_id'] .dropdown-item:contains('Test Lift')", run: "click" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_field_widget[name='code'] input:value(/^TSTA-TL-/)" },
        { content: "the certificate is missing", trigger: ".alert-warning:contains('Test Inspection')" },
        { trigger: "button[name='action_view_certificates']", run: "click" },
        { trigger: ".o_kanban_view" },
        { trigger: ".o-kanban-button-new", run: "click" },
        { trigger: ".o_field_widget[name='kind_id'] input", run: "edit Test Inspection" },
        { trigger: ".o_field_widget[name='kind_id'] .dropdown-item:contains('Test Inspection')", run: "click" },
        { trigger: ".o_field_widget[name='number'] input", run: "edit TOUR-1" },
        { trigger: ".o_field_widget[name='issued_date'] input, .o_field_widget[name='issued_date'] button", run: "click" },
        { trigger: ".o_datetime_picker .o_today, .o_date_item_cell.o_today", run: "click" },
        { trigger: ".o_field_widget[name='days_left']" },
        ...stepUtils.saveForm(),
        { trigger: ".o_form_view .o_field_widget[name='standing']:contains('Valid')" },
        { trigger: ".breadcrumb-item a:contains('Tour Lift'), .o_back_button", run: "click" },
        { trigger: "button[name='action_view_plans']", run: "click" },
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_field_widget[name='name'] input", run: "edit Monthly service" },
        ...stepUtils.saveForm(),
        { content: "the checklist of the class is there", trigger: ".o_field_widget[name='task_ids'] .o_data_row:contains('Look at the ropes')" },
        { trigger: "button[name='action_raise_due']", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains('Monthly service')" },
    ],
});

/** An engineer opens the lift from its label and reports a fault. */
registry.category("web_tour.tours").add("property_equipment_fault", {
    steps: () => [
        { trigger: ".o_form_view .o_field_widget[name='name']" },
        { trigger: "button[name='action_open_state_wizard']", run: "click" },
        { trigger: ".modal .o_field_widget[name='reason'] input", run: "edit Brake noise" },
        { trigger: ".modal button[name='action_apply']", run: "click" },
        { trigger: ".alert-danger:contains('Faulty')" },
    ],
});
