from . import field_gates, gate, gate_guest
