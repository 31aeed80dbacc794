from . import bills, notices, receipts, statements
