from . import maintenance_equipment, mqtt_alarm, mqtt_device, mqtt_event
