from . import (
    property_bank_import,
    property_cashier_deposit,
    property_deposit_receive,
    property_meter_estimate,
    property_prepayment_receive,
    property_receipt_book_wizard,
    property_receipt_stock_wizard,
    property_receipt_void_wizard,
    property_report_wizard,
    property_report_wizard_export,
    property_statement_wizard,
    property_transfer,
)
