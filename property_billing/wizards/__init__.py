from . import property_statement_wizard
