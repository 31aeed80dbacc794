# ruff: noqa: I001  (a model comes before those that extend it)
from . import res_company
from . import crm_stage
from . import crm_lead
from . import crm_lead_match
from . import crm_lead_reservation
from . import crm_lead_lease
from . import calendar_event
from . import property_deposit
from . import property_space
from . import property_space_reservation
from . import property_lease_offer
from . import property_lease_offer_line
from . import property_lease_commission
from . import property_lease
from . import property_leasing_crm_demo
