import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.http import request

MINIMUM_MONTHS = 6
BATCH = 10000


class PropertyAudit(models.Model):
    _name = "property.audit"
    _description = "Audit Log"
    _order = "id desc"
    _rec_name = "event"
    _log_access = False

    event = fields.Selection(
        [
            ("money", "Money"),
            ("role", "Role"),
            ("site", "Site"),
            ("unmask", "Personal data shown"),
            ("export", "Export"),
            ("login", "Login"),
            ("personal_data", "Personal data"),
            ("import", "Import"),
            ("config", "Settings"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    at = fields.Datetime(
        string="When", required=True, readonly=True, default=fields.Datetime.now, index=True
    )
    user_id = fields.Many2one(
        "res.users", string="Who", readonly=True, ondelete="set null", index="btree_not_null"
    )
    user_login = fields.Char(
        string="Login", readonly=True, help="Login as it was, kept when the user is deleted."
    )
    model = fields.Char(readonly=True, index="btree_not_null")
    res_id = fields.Many2oneReference(
        string="Record", model_field="model", readonly=True, aggregator=False
    )
    res_name = fields.Char(string="Record Name", readonly=True)
    before = fields.Json(string="Values Before", readonly=True)
    after = fields.Json(string="Values After", readonly=True)
    before_text = fields.Text(string="Before", compute="_compute_texts")
    after_text = fields.Text(string="After", compute="_compute_texts")
    reason = fields.Char(readonly=True)
    ip = fields.Char(string="IP Address", readonly=True)
    company_id = fields.Many2one(
        "res.company", readonly=True, ondelete="set null", index="btree_not_null"
    )
    site_id = fields.Many2one(
        "property.site", readonly=True, ondelete="set null", index="btree_not_null"
    )

    _model_res_id_idx = models.Index("(model, res_id)")

    @api.depends("before", "after", "model")
    @api.depends_context("lang")
    def _compute_texts(self):
        words = self._get_words()
        for entry in self:
            own = {**words, **entry._get_field_words()}
            entry.before_text = self._as_text(entry.before, own)
            entry.after_text = self._as_text(entry.after, own)

    def _get_field_words(self):
        """Return readable names of the fields of the record that this entry names by their keys.

        What a selection or a boolean was set to is known by (key, value).
        """
        self.ensure_one()
        if self.model not in self.env:
            return {}
        known, words = self.env[self.model]._fields, {}
        for key in {*(self.before or ()), *(self.after or ())}:
            # the state of a request is that of its approval too
            for name in ("approval_state", key) if key == "state" else (key,):
                if field := known.get(name):
                    words[key] = field._description_string(self.env)
                    words.update(
                        {(key, value): label for value, label in self._get_value_words(field)}
                    )
        return words

    @api.model
    def _get_value_words(self, field):
        """Return the readable values of a field: list of (value, label)."""
        if field.type == "boolean":
            return [(True, self.env._("Yes")), (False, self.env._("No"))]
        return field._description_selection(self.env) if field.type == "selection" else []

    @api.model
    def _as_text(self, value, words):
        if isinstance(value, dict):
            return "\n".join(
                f"{self._as_text(key, words)}: {self._as_value(key, item, words)}"
                for key, item in value.items()
            )
        if isinstance(value, list):
            return ", ".join(str(item) for item in value)
        if value in (None, False):
            return ""
        if value is True:
            return self.env._("Yes")
        if isinstance(value, str) and value in self.env:
            return self.env["ir.model"]._get(value).sudo().name
        return words.get(value, str(value))

    @api.model
    def _as_value(self, key, value, words):
        label = words.get((key, value)) if isinstance(value, str | bool) else None
        return label or self._as_text(value, words)

    @api.model
    def _get_words(self):
        """Return readable names of the keys and codes that entries are made of."""
        return {
            "action": self.env._("Action"),
            "advance": self.env._("Prepaid"),
            "amount": self.env._("Amount"),
            "anonymise": self.env._("Personal data erased"),
            "audit_months": self.env._("Months kept"),
            "bills": self.env._("Bills"),
            "cancelled": self.env._("Cancelled"),
            "count": self.env._("Records"),
            "created": self.env._("Created"),
            "date_from": self.env._("From"),
            "date_to": self.env._("Until"),
            "delete": self.env._("Deleted"),
            "errors": self.env._("Errors"),
            "failed": self.env._("Failed"),
            "field": self.env._("Field"),
            "fields": self.env._("Fields"),
            "filename": self.env._("File"),
            "id_number": self.env._("ID Number"),
            "implied": self.env._("Implied roles"),
            "item": self.env._("Charge Item"),
            "phone": self.env._("Phone"),
            "posted": self.env._("Posted"),
            "price": self.env._("Price"),
            "reference": self.env._("Reference"),
            "result": self.env._("Result"),
            "success": self.env._("Success"),
            "updated": self.env._("Updated"),
            "users": self.env._("Users"),
            "vat": self.env._("VAT %"),
        }

    @api.depends("event", "res_name", "at")
    def _compute_display_name(self):
        labels = dict(self._fields["event"]._description_selection(self.env))
        for entry in self:
            entry.display_name = " · ".join(
                part for part in (labels.get(entry.event), entry.res_name) if part
            )

    @api.model
    def _log(self, event, record=None, before=None, after=None, reason=None, **details):
        """Append an entry: who does what to which record, with the values before and after.

        :param str event: one of the event keys
        :param record: the record concerned, or a recordset: one entry a record
        :param before: values before, anything JSON can hold
        :param after: values after
        :param str reason: why, in the user's words
        :param details: further fields, such as ``model``, ``site_id``, ``user_id``, ``user_login``
        :return: the entries
        """
        common = {
            "event": event,
            "user_id": self.env.uid,
            "user_login": self.env.user.login,
            "company_id": self.env.company.id,
            "before": self._jsonable(before),
            "after": self._jsonable(after),
            "reason": reason,
            "ip": request.httprequest.remote_addr if request else False,
            **details,
        }
        vals_list = [
            {**common, **self._prepare_record_vals(one_sudo)}
            for one_sudo in (record.sudo() if record is not None else ())
        ]
        # Nobody may create entries by hand: logging is always done on behalf of the system.
        return self.sudo().with_context(property_audit_log=True).create(vals_list or [common])

    @api.model
    def _prepare_record_vals(self, record):
        vals = {"model": record._name, "res_id": record.id}
        vals["res_name"] = self._name_of(record)
        site = record if record._name == "property.site" else None
        if site is None and "site_id" in record._fields:
            site = record.site_id
        if site:
            vals["site_id"] = site.id
        company = record._fields.get("company_id") and record.company_id
        if company and company._name == "res.company":
            vals["company_id"] = company.id
        return vals

    @api.model
    def _personal_models(self):
        """Return the models whose names tell of a person: they must not outlive an erasure."""
        return {"res.partner", "property.occupancy", "property.vehicle"}

    @api.model
    def _name_of(self, record):
        """Return what the log calls a record."""
        is_person = record._name in self._personal_models()
        return f"#{record.id}" if is_person else record.display_name

    @api.model
    def _jsonable(self, value):
        if value is None or value is False:
            return False
        return json.loads(json.dumps(value, default=str, ensure_ascii=False))

    @api.model_create_multi
    def create(self, vals_list):
        """Accept entries only from the logging helper."""
        if not (self.env.su and self.env.context.get("property_audit_log")):
            self._refuse()
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super  # nothing may pass
        """Refuse: the log is append-only, for everybody."""
        self._refuse()

    def unlink(self):  # pylint: disable=method-required-super  # nothing may pass
        """Refuse: the log is append-only, for everybody."""
        self._refuse()

    def copy(self, default=None):  # pylint: disable=method-required-super  # nothing may pass
        """Refuse: the log is append-only, for everybody."""
        self._refuse()

    @api.model
    def load(self, fields, data):
        """Refuse: entries are never imported."""
        self._refuse()

    @api.model
    def _refuse(self):
        raise UserError(
            self.env._(
                "The audit log is append-only: its entries cannot be added by hand, "
                "changed or deleted."
            )
        )

    @api.model
    def _retention_months(self):
        """Return the months that entries are kept, at least six."""
        months = self.env["ir.config_parameter"].sudo().get_param("property_base.audit_months")
        return max(int(months), MINIMUM_MONTHS) if (months or "").isdigit() else 24

    @api.model
    def _cron_remove_expired(self):
        """Remove entries older than the retention time; the only way entries ever go."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), months=self._retention_months())
        while True:
            self.env.cr.execute(
                "DELETE FROM property_audit WHERE id IN "
                "(SELECT id FROM property_audit WHERE at < %s ORDER BY id LIMIT %s)",
                [limit, BATCH],
            )
            removed = self.env.cr.rowcount
            if removed:
                self.env["ir.cron"]._commit_progress(removed)
            if removed < BATCH:
                break
        self.invalidate_model()
