from . import parking_pay, parking_receipt
