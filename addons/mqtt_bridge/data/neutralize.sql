-- a copy of the database takes nothing from the devices of the real one
UPDATE mqtt_device SET secret = NULL;
UPDATE mqtt_broker SET active = false;
