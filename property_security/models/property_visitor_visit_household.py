from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

SHOWN = timedelta(days=30)  # of visits without a pass that a household sees
MOST_SHOWN = 20


class PropertyVisitorVisit(models.Model):
    """Households hear of visitors without a pass, and can say that they know none of them."""

    _inherit = "property.visitor.visit"

    denied_at = fields.Datetime(string="Not Known to the Household", readonly=True, copy=False)
    denied_partner_id = fields.Many2one(
        "res.partner", string="Said So", readonly=True, copy=False, ondelete="set null"
    )
    incident_id = fields.Many2one(
        "property.incident", readonly=True, copy=False, ondelete="set null", index="btree_not_null"
    )

    @api.model
    def _household_rows(self, units):
        """Return the occupancies of those whom visitors of units come to, in superuser mode.

        Where a unit is let, its visitors are the tenant's business and not the owner's.
        """
        rows_sudo = units._property_residents_sudo().filtered(lambda row: row.role != "agent")
        found_sudo = rows_sudo.browse()
        for some_sudo in rows_sudo.grouped("unit_id").values():
            found_sudo |= some_sudo.filtered(lambda row: row.role == "tenant") or some_sudo
        return found_sudo

    def _tell_household(self):
        """Write to the households of walk-ins, where the company wants that."""
        for visit in self.filtered(lambda one: one.method == "walk_in" and one.unit_id):
            # sudo: a guard sees neither households nor how they are written to
            visit_sudo = visit.sudo()
            if visit_sudo.company_id.visitor_walk_in_mail:
                people = self._household_rows(visit_sudo.unit_id).partner_id.filtered("email")
                visit_sudo._mail_household(people)

    def _mail_household(self, people):
        template = self.env.ref("property_security.mail_template_walk_in", False)
        for lang, some in people.grouped("lang").items() if template else ():
            # whose language it is decides how the message reads; no address sees another
            told = template.with_context(lang=lang or self.env.lang)
            for person in some:
                values = {"recipient_ids": person.ids, "email_to": False, "partner_ids": []}
                told.send_mail(self.id, email_values=values)

    def _entered_text(self):
        """Return when the visitor came, by the clock of the site, for the message."""
        self.ensure_one()
        return format_datetime(
            self.env, self.entered_at, tz=self.site_id.tz, dt_format="MM-dd HH:mm"
        )

    # -- what the household sees, and says

    @api.model
    def _of_household(self, partner, within=SHOWN):
        """Return the visits without a pass at the homes of a resident, in superuser mode.

        :param partner: res.partner
        :param timedelta within: how long ago at most
        """
        units = partner._property_current_occupancies_sudo().unit_id
        rows_sudo = self._household_rows(units).filtered(lambda row: row.partner_id == partner)
        since = fields.Datetime.now() - within
        mine = Domain.OR(
            Domain("unit_id", "=", row.unit_id.id)
            # nobody sees who came before he lived there
            & Domain("entered_at", ">=", max(since, datetime.combine(row.date_from, time())))
            for row in rows_sudo
        )
        # sudo: residents read no register of visits; the domain keeps to their own
        return self.sudo().search(Domain("method", "=", "walk_in") & mine, limit=MOST_SHOWN)

    def _deny(self, partner):
        """Note that the household does not know a visitor: an incident for guards and managers.

        Callers have checked that it is the resident's household.

        :param partner: res.partner who says so
        :raise UserError: nobody has set up kinds of incidents
        """
        self.ensure_one()
        visit_sudo = self.sudo()  # residents write no visits, nor incidents
        visit_sudo._lock_and_reread("denied_at")
        if visit_sudo.denied_at:
            return
        visit_sudo.write({"denied_at": fields.Datetime.now(), "denied_partner_id": partner.id})
        visit_sudo.incident_id = (
            self.env["property.incident"].sudo().create(visit_sudo._prepare_denied_incident_vals())
        )

    def _prepare_denied_incident_vals(self):
        """Return the values of the incident; it names no telephone number."""
        words = self.with_context(lang=self.company_id.partner_id.lang or self.env.lang)
        told = words.env._(
            "%(name)s came in at %(time)s (%(gate)s) to %(unit)s without a pass; the guard noted: "
            "agreed by %(agreed)s. The household says that it does not know this visitor.",
            name=self.name,
            time=words._entered_text(),
            gate=self.gate or "-",
            unit=self.unit_id.code,
            agreed=self.confirmed_by or "-",
        )
        return {
            "name": words.env._("Visitor not known to the household: %(name)s", name=self.name),
            "description": told,
            "type_id": self._denied_kind().id,
            "severity": "3",
            "site_id": self.site_id.id,
            "unit_id": self.unit_id.id,
            "source": "resident",
            "reporter_id": False,
            "occurred_at": self.entered_at,
        }

    def _denied_kind(self):
        """Return the kind of incident: suspicious people, or the first that the company has."""
        kinds = self.env["property.incident.type"]
        usual = self.env.ref("property_security.incident_type_suspect", False) or kinds
        kind = usual and usual._of_company(self.company_id)
        kind = kind or kinds.search([("company_id", "=", self.company_id.id)], limit=1)
        if not kind:
            raise UserError(self.env._("Please call the property service centre."))
        return kind
