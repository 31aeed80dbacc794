from . import (
    inspection_checkin,
    inspection_checkpoint,
    inspection_item,
    inspection_plan,
    inspection_result,
    inspection_round,
    inspection_route,
)
