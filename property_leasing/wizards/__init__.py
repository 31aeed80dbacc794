from . import property_deposit_receive, property_lease_turnover_enter
from . import property_deposit_receive, property_space_reshape
