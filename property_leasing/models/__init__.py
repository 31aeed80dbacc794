# ruff: noqa: I001  (a model comes before those that extend it)
from . import res_company
from . import property_charge_item
from . import property_deposit
from . import property_lease
from . import property_lease_term
from . import property_lease_line
from . import property_lease_step
from . import property_lease_deposit
from . import property_lease_instalment
from . import property_lease_schedule
from . import property_lease_sign
from . import property_lease_amendment
from . import property_lease_template
from . import property_lease_amendment_apply
from . import property_billing_run
from . import property_space
from . import res_config_settings
