"""What makes the field app a program on a phone: its page, its worker, its words."""

from odoo.http import Controller, request, route

FRESH = ("Cache-Control", "no-cache")  # the worker keeps what is to be kept


class FieldController(Controller):
    """Serve the app itself. It is the same for everybody and holds nothing of anybody."""

    @route("/field", type="http", auth="none", methods=["GET"], readonly=True)
    def field(self, **_ignored):
        """Lead to the app: the worker's scope ends in a slash."""
        query = request.httprequest.query_string.decode("ascii", "ignore")
        return request.redirect(f"/field/?{query}" if query else "/field/", 301)

    @route("/field/", type="http", auth="public", methods=["GET"])
    def shell(self, **_ignored):
        """Give the page that the app runs in."""
        response = request.render("inspection_round.field_shell")
        response.headers.set(*FRESH)
        return response

    @route("/field/sw.js", type="http", auth="public", methods=["GET"])
    def worker(self):
        """Give the service worker."""
        headers = [("Content-Type", "text/javascript; charset=utf-8"), FRESH]
        return request.make_response(request.env["field.app"]._worker(), headers)

    @route("/field/manifest.webmanifest", type="http", auth="public", methods=["GET"])
    def manifest(self):
        """Describe the app to the phone that installs it."""
        headers = {"Content-Type": "application/manifest+json"}
        return request.make_json_response(request.env["field.app"]._manifest(), headers)

    @route("/field/words/<string:lang>", type="http", auth="public", methods=["GET"])
    def words(self, lang):
        """Give the translations of the app."""
        app = request.env["field.app"]
        if lang not in app._languages():
            return request.make_json_response({}, status=404)
        return request.make_json_response(app._words(lang), headers=[FRESH])
