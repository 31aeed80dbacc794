from . import test_alarm_pictures, test_gate_mqtt
