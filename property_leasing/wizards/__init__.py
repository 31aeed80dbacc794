from . import property_deposit_receive
