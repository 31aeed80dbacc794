from . import (
    account_move,
    account_payment,
    payment_transaction,
    property_parking_anomaly,
    property_parking_area,
    property_parking_day,
    property_parking_passage,
    property_parking_payment,
    property_parking_payment_book,
    property_parking_refund,
    property_parking_session,
    res_company,
)
