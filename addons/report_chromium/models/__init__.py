from . import ir_actions_report, ir_report_resource
