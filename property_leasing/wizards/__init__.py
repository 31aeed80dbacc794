from . import property_deposit_receive, property_space_reshape
