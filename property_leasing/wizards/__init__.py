from . import (
    property_deposit_ledger,
    property_deposit_receive,
    property_lease_report_export,
    property_lease_report_wizard,
    property_lease_turnover_confirm,
    property_lease_turnover_enter,
    property_space_reshape,
)
