from . import property_request_quotation_answer
