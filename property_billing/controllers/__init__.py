from . import (
    bill_values,
    bills,
    meter_photos,
    notices,
    prepayments,
    receipt_verify,
    receipts,
    reports,
    statements,
)
