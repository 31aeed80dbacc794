from . import (
    allocation,
    document_ids,
    metering,
    payers,
    payment_split,
    proration,
    rounding,
    statement,
    tariffs,
    tiers,
    vat,
)
