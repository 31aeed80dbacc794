from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.certificate import STAGE_NAMES, WARNINGS, due_warning, stage
from .activities import schedule
from .property_certificate_kind import STANDINGS

ACTIVITY = "property_maintenance.mail_activity_certificate"


class PropertyEquipmentCertificate(models.Model):
    """Statutory certificate; whether it holds follows from its last day, never from a job."""

    _name = "property.equipment.certificate"
    _description = "Certificate"
    _inherit = ["property.equipment.attached", "mail.thread", "mail.activity.mixin"]
    _order = "expiry_date, id"
    _rec_names_search = ["number", "equipment_id.name", "equipment_id.code"]

    kind_id = fields.Many2one(
        "property.certificate.kind", required=True, index=True, ondelete="restrict", tracking=True
    )
    number = fields.Char(string="Certificate No.", required=True, tracking=True)
    issuer = fields.Char(string="Issued by")
    issued_date = fields.Date(string="Issued on", tracking=True)
    expiry_date = fields.Date(
        string="Valid until",
        compute="_compute_expiry_date",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        index=True,
        tracking=True,
        help="The last day it is valid.",
    )
    is_latest = fields.Boolean(
        string="Latest",
        compute="_compute_is_latest",
        store=True,
        help="No other certificate of the same kind and equipment is valid for longer.",
    )
    standing = fields.Selection(STANDINGS, compute="_compute_standing", search="_search_standing")
    days_left = fields.Integer(
        compute="_compute_standing", help="Days until the last day, negative when lapsed."
    )
    warned = fields.Selection(
        [row for row in STANDINGS if row[0] not in ("valid", "replaced")],
        readonly=True,
        copy=False,
        help="The warning the manager has had.",
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Scans", copy=False)
    note = fields.Text(string="Notes")
    active = fields.Boolean(default=True)
    class_id = fields.Many2one(related="equipment_id.class_id", store=True, index=True)

    _dates_ordered = models.Constraint(
        "CHECK(issued_date IS NULL OR expiry_date >= issued_date)",
        "A certificate cannot end before it was issued. Correct one of the two days.",
    )
    _number_unique = models.UniqueIndex(
        "(equipment_id, kind_id, number)",
        "This equipment already has a certificate of this kind with this number. Open that one.",
    )

    @api.depends("kind_id", "issued_date")
    def _compute_expiry_date(self):
        for certificate in self:
            months = certificate.kind_id.validity_months
            if certificate.issued_date and months and not certificate.expiry_date:
                certificate.expiry_date = (
                    certificate.issued_date + relativedelta(months=months) - timedelta(days=1)
                )
            else:
                certificate.expiry_date = certificate.expiry_date

    @api.depends(
        "kind_id",
        "expiry_date",
        "active",
        "equipment_id.certificate_ids.expiry_date",
        "equipment_id.certificate_ids.kind_id",
        "equipment_id.certificate_ids.active",
    )
    def _compute_is_latest(self):
        best = {}
        for rival in self.equipment_id.certificate_ids.filtered("active"):
            key = (rival.equipment_id, rival.kind_id)
            if key not in best or rival._rank() > best[key]._rank():
                best[key] = rival
        for certificate in self:
            key = (certificate.equipment_id, certificate.kind_id)
            certificate.is_latest = certificate.active and best.get(key, certificate) == certificate

    def _rank(self):
        return (self.expiry_date or fields.Date.to_date("1900-01-01"), self._origin.id or 0)

    @api.depends("expiry_date", "is_latest")
    def _compute_standing(self):
        today = fields.Date.context_today(self)
        for certificate in self:
            last = certificate.expiry_date
            certificate.days_left = (last - today).days if last else 0
            if not certificate.is_latest:
                certificate.standing = "replaced"
            else:
                certificate.standing = STAGE_NAMES[stage(last, today)] if last else False

    def _search_standing(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(self._standing_domain(one) for one in value)

    @api.model
    def _standing_domain(self, standing):
        """Return the domain of the certificates with one standing today."""
        today = fields.Date.context_today(self)
        if standing == "replaced":
            return Domain("is_latest", "=", False)
        latest = Domain("is_latest", "=", True)
        if standing == "lapsed":
            return latest & Domain("expiry_date", "<", today)
        # From the nearest warning outwards, each standing begins where the one before ends.
        begin = today
        for days in sorted(WARNINGS):
            end = today + timedelta(days=days)
            if standing == str(days):
                return (
                    latest & Domain("expiry_date", ">=", begin) & Domain("expiry_date", "<=", end)
                )
            begin = end + timedelta(days=1)
        if standing == "valid":
            return latest & Domain("expiry_date", ">=", begin)
        return Domain.FALSE

    @api.depends("kind_id.name", "number")
    def _compute_display_name(self):
        for certificate in self:
            certificate.display_name = (
                f"{certificate.kind_id.name or ''} {certificate.number or ''}".strip()
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Close the warnings about certificates that the new ones replace."""
        certificates = super().create(vals_list)
        certificates._close_replaced()
        return certificates

    def write(self, vals):
        """Warn anew about a certificate whose last day moved."""
        if "expiry_date" in vals and "warned" not in vals:
            vals = {**vals, "warned": False}
        result = super().write(vals)
        if "expiry_date" in vals:
            self._close_replaced()
            self.activity_unlink([ACTIVITY])
        return result

    def action_renew(self):
        """Open the form of the certificate that follows this one."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Certificate"),
            "res_model": self._name,
            "view_mode": "form",
            "context": {
                "default_equipment_id": self.equipment_id.id,
                "default_kind_id": self.kind_id.id,
                "default_issuer": self.issuer,
                "default_issued_date": fields.Date.context_today(self),
            },
        }

    def _close_replaced(self):
        rivals = self.equipment_id.certificate_ids.filtered(
            lambda one: not one.is_latest and one.warned
        )
        rivals.activity_feedback([ACTIVITY], feedback=self.env._("A newer certificate is there."))

    # Warnings ---------------------------------------------------------------------------------

    @api.model
    def _cron_warn(self):
        """Warn about every certificate that is due for a warning and has not had it."""
        today = fields.Date.context_today(self)
        horizon = today + timedelta(days=max(WARNINGS))
        certificates = self.search(
            [
                ("is_latest", "=", True),
                ("expiry_date", "<=", horizon),
                ("warned", "!=", "lapsed"),
                ("equipment_id.active", "=", True),
                ("equipment_id.state", "!=", "scrapped"),
            ]
        )
        certificates.try_lock_for_update()._warn(today)

    def _warn(self, today):
        """Give the people in charge the warnings that are due, each stage once.

        :param today: the day to judge from
        """
        stages = {name: days for days, name in STAGE_NAMES.items() if days is not None}
        due = {}
        for certificate in self:
            found = due_warning(certificate.expiry_date, today, stages.get(certificate.warned))
            if found is not None:
                due.setdefault(found, self.browse())
                due[found] |= certificate
        for found, certificates in due.items():
            certificates.warned = STAGE_NAMES[found]
            certificates._tell(today)

    def _tell(self, today):
        # Not yet done activities speak of an earlier stage.
        self.activity_unlink([ACTIVITY])
        rows = [
            (one, user, max(one.expiry_date, today), one._warning_text(user))
            for one in self
            for user in one._in_charge()
        ]
        schedule(self, ACTIVITY, rows)

    def _warning_text(self, user):
        env = self.with_context(lang=user.lang).env
        certificate = self.with_env(env)
        values = {
            "kind": certificate.kind_id.name,
            "equipment": certificate.equipment_id.display_name,
            "day": certificate.expiry_date,
        }
        if certificate.warned == "lapsed":
            return env._("%(kind)s of %(equipment)s lapsed: valid until %(day)s.", **values)
        return env._("%(kind)s of %(equipment)s ends on %(day)s: renew it.", **values)

    def _in_charge(self):
        """Return the users who are warned: the site manager and the technician in charge."""
        self.ensure_one()
        # sudo: whoever runs the job need not read employees
        manager = self.sudo().site_id.manager_id.user_id
        users = manager | self.equipment_id.technician_user_id
        return users.filtered("active") or self.env.user
