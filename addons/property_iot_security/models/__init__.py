from . import mqtt_event, property_gate, property_gate_driver_mqtt
