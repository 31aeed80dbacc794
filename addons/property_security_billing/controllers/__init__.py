from . import my_card_renewal, my_vehicles, parking_pay, parking_receipt
