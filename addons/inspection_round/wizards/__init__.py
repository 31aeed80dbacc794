from . import field_check, field_check_break, inspection_checkin_review, inspection_round_cancel
