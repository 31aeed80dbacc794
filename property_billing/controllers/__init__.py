from . import bills, receipts, statements
