from odoo import api, models
from odoo.exceptions import UserError

from ..tools.photo import PhotoError, clean_photo
from .maintenance_request_raise import MAX_PHOTOS


class MaintenanceRequest(models.Model):
    _inherit = "maintenance.request"

    @api.model
    def _clean_photos(self, contents):
        """Return photos that were sent as `_raise_request` takes them: small, without metadata.

        :param contents: list of bytes, as sent
        :return: list of (name, bytes, mimetype)
        :raise UserError: when one of them is too large, no photo or damaged, or when there are
            too many
        """
        if len(contents) > MAX_PHOTOS:
            raise UserError(self.env._("At most %(max)s photos. Remove some.", max=MAX_PHOTOS))
        photos = []
        for number, content in enumerate(contents, start=1):
            try:
                photos.append((f"photo-{number}.jpg", clean_photo(content), "image/jpeg"))
            except PhotoError as error:
                raise UserError(self._photo_problem(error.reason, number)) from error
        return photos

    @api.model
    def _photo_problem(self, reason, number):
        sentences = {
            "too_large": self.env._(
                "Photo %(number)s is larger than 10 MB. Choose a smaller one.", number=number
            ),
            "not_a_photo": self.env._(
                "File %(number)s is no photo. Choose JPEG or PNG photos.", number=number
            ),
            "broken": self.env._(
                "Photo %(number)s is damaged and cannot be read. Take it again.", number=number
            ),
        }
        return sentences[reason]
