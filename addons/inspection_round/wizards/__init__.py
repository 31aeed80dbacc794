from . import inspection_checkin_review, inspection_round_cancel
