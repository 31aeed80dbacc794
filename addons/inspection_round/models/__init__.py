from . import (
    field_app,
    field_check,
    field_check_break,
    field_device,
    field_entry,
    field_entry_take,
    field_head,
)
