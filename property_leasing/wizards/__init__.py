from . import property_deposit_receive, property_lease_turnover_enter
from . import property_deposit_receive, property_space_reshape
# ruff: noqa: I001  (a model comes before those that extend it)
from . import property_deposit_receive
from . import property_lease_report_wizard
from . import property_lease_report_export
