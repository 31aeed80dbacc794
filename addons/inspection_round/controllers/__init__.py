from . import field, field_sync
