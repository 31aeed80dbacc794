from . import (
    mqtt_device,
    mqtt_event,
    property_iot_demo,
    property_meter,
    property_meter_day,
    property_meter_reading,
    property_meter_telegram,
    property_site,
    property_unit,
)
