from . import camera_picture
