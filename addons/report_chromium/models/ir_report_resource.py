"""Read what a report points at without asking a web server."""

import base64
import logging
import posixpath
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlsplit

from odoo import SUPERUSER_ID, api, models, tools
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tools.image import image_guess_size_from_field_name, image_process
from odoo.tools.mimetypes import guess_mimetype
from odoo.tools.misc import file_open, str2bool
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from ..tools import stylesheet

_logger = logging.getLogger(__name__)

SIZE = "<int:width>x<int:height>"
IMAGE_KEYS = (
    "<int:id>",
    "<int:id>-<string:unique>",
    "<string:model>/<int:id>/<string:field>",
    "<string:xmlid>",
)
IMAGE_RULES = [
    Rule(f"/web/{route}/{key}{tail}", endpoint="record")
    for route, tails in (
        ("image", ("", "/<string:filename>", f"/{SIZE}", f"/{SIZE}/<string:filename>")),
        ("content", ("", "/<string:filename>")),
    )
    for key in IMAGE_KEYS
    for tail in tails
]
ROUTES = Map(
    [
        *IMAGE_RULES,
        Rule("/web/image", endpoint="record"),
        Rule("/web/content", endpoint="record"),
        Rule("/report/barcode", endpoint="barcode"),
        Rule("/report/barcode/<barcode_type>/<path:value>", endpoint="barcode"),
        Rule("/web/assets/<string:unique>/<string:filename>", endpoint="bundle"),
        Rule("/web/assets/<string:assets>/<string:unique>/<string:filename>", endpoint="bundle"),
        Rule("/web/binary/company_logo", endpoint="logo"),
        Rule("/logo", endpoint="logo"),
        Rule("/logo.png", endpoint="logo"),
        Rule("/<string:module>/static/<path:path>", endpoint="static"),
    ],
    strict_slashes=False,
    merge_slashes=False,
)
STATIC_TYPES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".otf": "font/otf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
MAX_IMAGE_SIDE = 4000


class IrReportResource(models.AbstractModel):
    """Images, style sheets and fonts by their address, as the printing user may see them.

    Only addresses of this very server are known. Whatever else a document names, a file of the
    machine or another host, is not read at all.
    """

    _name = "ir.report.resource"
    _description = "Report Resource"

    @api.model
    def _reader_env(self):
        """Return the environment of the visitor who would open the address in a browser.

        A report is often rendered in superuser mode for somebody with few rights, and its text
        may come from them: what it points at is read with their own rights. A job without a
        user reads what everybody may read.
        """
        uid = self.env.uid
        if uid == SUPERUSER_ID:
            uid = self.env["ir.model.data"]._xmlid_to_res_id("base.public_user")
        return self.env(user=uid, su=False)

    @api.model
    def _read_image(self, url, base_url=None):
        """Return the image at an address of this server as a ``data:`` URI.

        :param url: as written in the report.
        :param base_url: address of this server, for reports that write it in full.
        :return: str, or None when there is no such image or the user may not see it.
        """
        found = self._read(url, base_url)
        if not found or not found[0].startswith("image/"):
            return None
        return stylesheet.data_uri(*found)

    @api.model
    def _read_stylesheet(self, url, base_url=None):
        """Return the bundle at an address as CSS with its fonts and images inside, or None."""
        endpoint, values = self._match(url, base_url)
        if endpoint != "bundle" or not values["filename"].endswith(".css"):
            return None
        return self._bundle_css(self._local_path(url, base_url))

    @api.model
    def _match(self, url, base_url=None):
        """Return the endpoint of an address and its values, (None, {}) when it is not ours."""
        path = self._local_path(url, base_url)
        if not path:
            return None, {}
        parts = urlsplit(path)
        try:
            endpoint, values = ROUTES.bind("").match(posixpath.normpath(parts.path))
        except HTTPException:
            return None, {}
        return endpoint, {**dict(parse_qsl(parts.query)), **values}

    @api.model
    def _local_path(self, url, base_url=None):
        """Return the path and query of an address of this server, None for all others."""
        base = (base_url or "").rstrip("/")
        if base and url.startswith(base + "/"):
            url = url[len(base) :]
        return url if url.startswith("/") and not url.startswith("//") else None

    @api.model
    def _read(self, url, base_url=None):
        """Return (mimetype, bytes) of an image or font at an address, None without one."""
        endpoint, values = self._match(url, base_url)
        readers = {
            "record": self._read_record,
            "barcode": self._read_barcode,
            "logo": self._read_logo,
            "static": self._read_static,
        }
        if endpoint not in readers:
            return None
        try:
            return readers[endpoint](values)
        except (AccessError, MissingError, UserError, ValueError, OSError, KeyError) as error:
            _logger.info("A report could not show %s: %s", endpoint, type(error).__name__)
            return None

    @api.model
    def _read_record(self, values):
        """Read a binary field or an attachment, sized as asked."""
        binary = self._reader_env()["ir.binary"]
        field = values.get("field") or "raw"
        ident = values.get("id")
        record = binary._find_record(
            values.get("xmlid"),
            values.get("model") or "ir.attachment",
            int(ident) if ident else None,
            values.get("access_token"),
            field=field,
        )
        content = self._binary_content(record, field)
        if not content:
            return None
        width, height = (
            min(int(values.get(side) or 0), MAX_IMAGE_SIDE) for side in ("width", "height")
        )
        if (width, height) == (0, 0):
            width, height = image_guess_size_from_field_name(field)
        mimetype = guess_mimetype(content)
        if mimetype != "image/svg+xml" and (width or height):
            crop = str2bool(values.get("crop") or "", False)
            content = image_process(content, size=(width, height), crop=crop)
        return mimetype, content

    @api.model
    def _binary_content(self, record, field):
        """Return the bytes of a binary field of a record that may be read, None without any."""
        if record._name == "ir.attachment" and field in ("raw", "datas", "db_datas"):
            if record.type == "binary":
                return record.raw
            found = self._read_public(record.url or "")  # files of addons; hosts are not asked
            return found and found[1]
        definition = record._fields[field]
        if definition.type != "binary":
            return None
        record._check_field_access(definition, "read")
        return base64.b64decode(record.with_context(bin_size=False)[field] or b"")

    @api.model
    def _read_barcode(self, values):
        """Draw a barcode or a QR code."""
        values = dict(values)
        kind, value = values.pop("barcode_type"), values.pop("value")
        return "image/png", self.env["ir.actions.report"].barcode(kind, value, **values)

    @api.model
    def _read_logo(self, values):
        """Read the logo of the company named, else of the current one."""
        company = self.env["res.company"].browse(int(values.get("company") or 0)).exists()
        # Logos are public: stock serves them to anybody.
        logo_sudo = (company or self.env.company).sudo().logo_web
        if not logo_sudo:
            return None
        content = base64.b64decode(logo_sudo)
        return guess_mimetype(content), content

    @api.model
    def _read_static(self, values):
        """Read a public file of an installed addon."""
        path = posixpath.normpath(values["path"])
        mimetype = STATIC_TYPES.get(posixpath.splitext(path)[1].lower())
        if not mimetype or path.startswith(("..", "/")):
            return None
        with file_open(f"{values['module']}/static/{path}", "rb") as file:
            return mimetype, file.read()

    @api.model
    @tools.ormcache("path", cache="assets")
    def _bundle_css(self, path):
        """Return a style bundle with everything inside; its address changes with its content."""
        raw = self._bundle_content(path)
        return stylesheet.self_contained(raw, self._read_public) if raw else None

    @api.model
    def _read_public(self, url):
        """Read a file that a style sheet names: public files only, whoever prints."""
        endpoint, values = self._match(url)
        try:
            return self._read_static(values) if endpoint == "static" else None
        except (ValueError, OSError):
            return None

    @api.model
    def _bundle_content(self, path):
        """Return the CSS of a bundle from the database, compiled if it is not there yet."""
        attachment_sudo = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("public", "=", True),
                    ("url", "=", path),
                    ("res_model", "=", "ir.ui.view"),
                    ("res_id", "=", 0),
                    ("create_uid", "=", SUPERUSER_ID),
                ],
                limit=1,
            )
        )
        if attachment_sudo:
            return attachment_sudo.raw.decode()
        filename = path.rsplit("/", 1)[-1].split("?")[0]
        debug = not filename.endswith(".min.css")
        try:
            name, rtl, _kind, autoprefix = self.env["ir.asset"]._parse_bundle_name(filename, debug)
        except ValueError:
            return None
        with self._writable_env() as env:
            bundle = env["ir.qweb"]._get_asset_bundle(
                name, css=True, js=False, rtl=rtl, autoprefix=autoprefix
            )
            return "".join(sheet.raw.decode() for sheet in bundle.css())

    @contextmanager
    def _writable_env(self):
        """Compile in a transaction that may write: printing itself is a reading request."""
        if not self.env.cr.readonly:
            yield self.env
            return
        with self.env.registry.cursor(readonly=False) as cr:
            yield self.env(cr=cr)
