from . import test_gate_mqtt
