-- a copy of the database takes nothing from the gates of the real one
UPDATE property_gate SET secret = NULL, secret_former = NULL WHERE driver != 'simulator';
-- a copy of the database speaks to no camera
UPDATE property_camera_credential SET username = 'neutralized', password = 'neutralized';
UPDATE property_camera SET snapshot_url = NULL, hls_url = NULL, rtsp_url = NULL, playback_url = NULL;
-- a copy for tests signs nothing that phones of the original believe
DELETE FROM property_visitor_key;
