from . import (
    mqtt_broker,
    mqtt_dead_letter,
    mqtt_device,
    mqtt_message,
    mqtt_process,
    mqtt_subscription,
    mqtt_tally,
)
