-- a copy of the database speaks to no camera
UPDATE property_camera_credential SET username = 'neutralized', password = 'neutralized';
UPDATE property_camera SET snapshot_url = NULL, hls_url = NULL, rtsp_url = NULL, playback_url = NULL;
