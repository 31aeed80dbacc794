from . import mqtt_command_send
