from . import (
    maintenance_request,
    property_charge,
    property_request_category,
    property_request_quotation,
    res_company,
)
