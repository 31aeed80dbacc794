from odoo import http
from odoo.exceptions import AccessError
from odoo.http import content_disposition, request


class ImportTemplate(http.Controller):
    @http.route("/property/import/template", type="http", auth="user", methods=["GET"])
    def property_import_template(self):
        """Send the template workbook to a member of staff."""
        if not request.env.user.has_group("property_base.group_staff"):
            raise AccessError(request.env._("Only staff may download the import template."))
        content = request.env["property.import"]._build_template()
        name = request.env._("Property import template") + ".xlsx"
        return request.make_response(
            content,
            headers=[
                (
                    "Content-Type",
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                ),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
