import contextlib
import os
import secrets
from pathlib import Path

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import config

from ..tools import cipher

KEY_VARIABLE = "PROPERTY_DATA_KEY"
KEY_OPTION = "property_data_key"
KEY_FILE = "property.key"


class PropertyCipher(models.AbstractModel):
    _name = "property.cipher"
    _description = "Encryption of Personal Data"

    @api.model
    def _encrypt(self, text):
        """Return the cipher text of a number."""
        return cipher.encrypt(self._secret(), text)

    @api.model
    def _decrypt(self, token):
        """Return the number behind a cipher text.

        :raise UserError: when the key is not the one it was encrypted with
        """
        try:
            return cipher.decrypt(self._secret(), token)
        except ValueError as error:
            raise UserError(
                self.env._(
                    "This ID number was encrypted with another key. Restore the key file "
                    "%(file)s, or set %(variable)s to the former key.",
                    file=KEY_FILE,
                    variable=KEY_VARIABLE,
                )
            ) from error

    @api.model
    def _digest(self, text):
        """Return the keyed digest of a number, equal for equal numbers."""
        return cipher.fingerprint(self._secret(), text)

    @api.model
    def _secret(self):
        """Return the key: environment, configuration file, or a private file made on first use."""
        secret = os.environ.get(KEY_VARIABLE) or config.get(KEY_OPTION)
        return secret or self._file_secret(Path(config["data_dir"]) / KEY_FILE)

    @api.model
    def _file_secret(self, path):
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as stream:
                stream.write(secrets.token_urlsafe(32))
                stream.flush()
                os.fsync(stream.fileno())
            try:
                # A link never replaces the key that another process made meanwhile.
                with contextlib.suppress(FileExistsError):
                    os.link(draft, path)
            finally:
                draft.unlink()
        return path.read_text().strip()
