# The rules below inherit it.
from . import property_request_rule

# isort: split
from . import (
    maintenance_request,
    maintenance_request_clock,
    maintenance_request_dispatch,
    maintenance_request_event,
    maintenance_request_guard,
    maintenance_request_raise,
    maintenance_request_rating,
    maintenance_request_sla_state,
    maintenance_request_steps,
    maintenance_request_time,
    maintenance_request_view,
    maintenance_stage,
    property_dispatch_rule,
    property_escalation_rule,
    property_request_category,
    property_request_demo,
    property_request_escalation,
    property_request_line,
    property_request_report,
    property_request_step,
    property_request_task,
    res_company,
    res_config_settings,
)
