-- a copy of the database takes nothing from the devices of the real one
UPDATE mqtt_device SET secret = NULL;
UPDATE mqtt_broker SET active = false;
UPDATE mqtt_event SET state = 'discarded' WHERE state IN ('waiting', 'running');
UPDATE mqtt_command SET state = 'cancelled' WHERE state IN ('waiting', 'sending');
