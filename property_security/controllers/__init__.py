from . import gate, gate_guest
