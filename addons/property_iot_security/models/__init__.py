from . import mqtt_alarm, mqtt_device, mqtt_event, property_gate, property_gate_driver_mqtt
