from . import property_deposit_receive, property_leasing_reserve
