"""Pictures of cameras for the wall: through our server, so that no browser learns a login."""

from odoo.http import Controller, request, route


class CameraPicture(Controller):
    @route("/property/camera/<int:camera_id>/picture", type="http", auth="user", methods=["GET"])
    def picture(self, camera_id, **_ignored):
        """Give a picture of now, or the last that is kept."""
        cameras = request.env["property.camera"]
        known = cameras.has_access("read") and 0 < camera_id < 2**31
        camera = known and cameras.search([("id", "=", camera_id)])
        content = camera and camera._live_picture()
        if not content:
            # an answer and no exception: that the camera failed is kept
            return request.make_response("", status=404)
        kind = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
        headers = [
            ("Content-Type", kind),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return request.make_response(content, headers=headers)
