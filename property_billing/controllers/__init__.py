from . import (
    bill_values,
    bills,
    meter_photos,
    notices,
    prepayments,
    receipt_verify,
    receipts,
    reports,
    scan_payments,
    statements,
)
