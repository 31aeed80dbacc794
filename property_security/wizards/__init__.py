from . import property_parking_confirm, property_parking_coupon_use
