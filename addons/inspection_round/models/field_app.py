import hashlib
import json

from odoo import fields, models, release
from odoo.tools import file_open

BUNDLE = "inspection_round.assets_field"
WORKER = "inspection_round/static/src/field/worker/service_worker.js"
FIXED = (  # what the bundle asks for by address
    "/web/static/src/libs/fontawesome/fonts/fontawesome-webfont.woff2?v=4.7.0",
    "/web/static/lib/zxing-library/zxing-library.js",
    "/web/static/img/transform.svg",
    "/inspection_round/static/img/field-192.png",
    "/inspection_round/static/img/field-512.png",
    "/field/manifest.webmanifest",
)


class FieldApp(models.AbstractModel):
    """The field app: what other addons register with it, and what a phone has to keep of it."""

    _name = "field.app"
    _description = "Field App"

    # -- registries

    def _field_handlers(self):
        """List what phones may send.

        :return: name of the handler -> model whose ``_field_take`` takes it
        """
        return {}

    def _field_screens(self, employee):
        """List the screens of an employee.

        :param employee: hr.employee who signed in
        :return: list of dicts: key, model whose ``_field_data`` fills it, title, sequence
        """
        return []

    # -- what a phone reads

    def _data(self, employee):
        """Collect everything that an employee's phone keeps to work without a network.

        :return: JSON-able dict
        """
        screens = sorted(self._field_screens(employee), key=lambda one: one.get("sequence", 0))
        user = self.env.user
        return {
            "employee": {
                "id": employee.id,
                "ids": self._own_employees().ids,
                "name": employee.name,
                "login": user.login,
                "company": employee.sudo().company_id.name,
            },
            "lang": user.lang or "en_US",
            "screens": [
                {"key": one["key"], "title": one["title"], "sequence": one.get("sequence", 0)}
                for one in screens
            ],
            "data": {one["key"]: self.env[one["model"]]._field_data(employee) for one in screens},
            "now": fields.Datetime.now().isoformat() + "Z",
        }

    def _own_employees(self):
        """Find all that the user is or was employed as, in whatever company.

        :return: hr.employee in superuser mode
        """
        # sudo: what is his own, also in a company that he left
        employees_sudo = self.env["hr.employee"].sudo().with_context(active_test=False)
        return employees_sudo.search([("user_id", "=", self.env.uid)], order="id")

    def _modules(self):
        """List the addons whose scripts are in the bundle."""
        paths = self.env["ir.asset"]._get_asset_paths(bundle=BUNDLE, assets_params={})
        return sorted({path[0].strip("/").split("/")[0] for path in paths})

    def _words(self, lang):
        """Collect the translations of the app.

        :return: JSON-able dict: addon -> term -> translation
        """
        found, _parameters = self.env["ir.http"]._get_translations_for_webclient(
            self._modules(), lang
        )
        return {
            module: {message["id"]: message["string"] for message in words["messages"]}
            for module, words in found.items()
        }

    def _languages(self):
        """List the languages in which the app can speak."""
        # whoever signs in later may speak any of them
        return [code for code, _name in self.env["res.lang"].sudo().get_installed()]

    def _worker(self):
        """Write the service worker: which files it keeps, under a version that they make up.

        :return: JavaScript
        """
        with file_open(WORKER) as file:
            code = file.read()
        languages = self._languages()
        urls = [
            "/field/",
            *self.env["ir.qweb"]._get_asset_links(BUNDLE),
            *FIXED,
            *(f"/field/words/{lang}" for lang in languages),
        ]
        words = [self._words(lang) for lang in languages]
        parts = json.dumps([urls, words, code, release.version], sort_keys=True)
        version = hashlib.sha256(parts.encode()).hexdigest()[:16]
        return f"const VERSION = {json.dumps(version)};\nconst URLS = {json.dumps(urls)};\n{code}"

    def _manifest(self):
        """Describe the app to the phone that installs it.

        :return: JSON-able dict
        """
        return {
            "id": "/field/",
            "name": self.env._("Field Work"),
            "short_name": self.env._("Field Work"),
            "description": self.env._("Rounds, check-ins and orders, with or without a network"),
            "start_url": "/field/",
            "scope": "/field/",
            "display": "standalone",
            "orientation": "portrait",
            "background_color": "#f2f5f6",
            "theme_color": "#0b5f58",
            "icons": [
                {
                    "src": f"/inspection_round/static/img/field-{size}.png",
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": "any maskable",
                }
                for size in (192, 512)
            ],
        }
