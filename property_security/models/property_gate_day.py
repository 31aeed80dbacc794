from collections import Counter
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup
from odoo import api, fields, models

MOST_DAYS = 7  # that a forgotten job catches up with


class PropertyGateDay(models.Model):
    """The manual openings of a site on a day, told to its managers once."""

    _name = "property.gate.day"
    _description = "Daily Report of Manual Openings"
    _inherit = ["property.scoped", "mail.thread"]
    _order = "date desc, site_id"
    _rec_name = "date"

    site_id = fields.Many2one(
        "property.site", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="site_id.company_id", store=True)
    date = fields.Date(required=True, readonly=True)
    opening_count = fields.Integer(string="Openings", readonly=True)
    operator_count = fields.Integer(string="Operators", readonly=True)
    text = fields.Html(string="Report", readonly=True)
    sent_at = fields.Datetime(string="Told At", readonly=True)

    _once = models.UniqueIndex("(site_id, date)")

    @api.depends("site_id", "date")
    def _compute_display_name(self):
        for day in self:
            day.display_name = f"{day.site_id.display_name} {day.date or ''}"

    @api.model
    def _cron_report(self):
        """Report the days that are over at each site with gates, once each."""
        sites = self.env["property.gate"]._read_group([], ["site_id"])
        for number, (site,) in enumerate(sites, 1):
            for date in self._open_days(site):
                self._report(site, date)
            if not self.env["ir.cron"]._commit_progress(1, remaining=len(sites) - number):
                return

    @api.model
    def _open_days(self, site):
        """Return the last days of a site that are over and not reported yet."""
        today = site._today()
        yesterday, earliest = today - timedelta(days=1), today - timedelta(days=MOST_DAYS)
        last = self.search([("site_id", "=", site.id)], order="date desc", limit=1).date
        start = max(last + timedelta(days=1), earliest) if last else yesterday
        return [start + timedelta(days=ahead) for ahead in range((yesterday - start).days + 1)]

    @api.model
    def _openings(self, site, date):
        """Return the manual openings of a site on a day of its own clock."""
        zone = ZoneInfo(site.tz or "UTC")
        start, end = (
            datetime.combine(day, time(), zone).astimezone(UTC).replace(tzinfo=None)
            for day in (date, date + timedelta(days=1))
        )
        return self.env["property.gate.opening"].search(
            [("site_id", "=", site.id), ("at", ">=", start), ("at", "<", end)], order="at, id"
        )

    @api.model
    def _report(self, site, date):
        """Write the report of a day and send it to the site's managers, if anything was opened."""
        day = self._write_report(site, date)
        managers = self._managers(site)
        if day.opening_count and managers:
            day.message_post(
                partner_ids=managers.partner_id.ids,
                subject=day.env._(
                    "%(site)s, %(date)s: %(count)s manual openings",
                    site=site.name,
                    date=date,
                    count=day.opening_count,
                ),
                body=day.text,
            )
            day.sent_at = fields.Datetime.now()

    @api.model
    def _write_report(self, site, date):
        """Return the report of a day, written in the language of the company."""
        openings = self._openings(site, date)
        lang = site.company_id.partner_id.lang or self.env.lang
        return self.with_context(lang=lang).create(
            {
                "site_id": site.id,
                "date": date,
                "opening_count": len(openings),
                "operator_count": len(openings.user_id),
                "text": self.with_context(lang=lang)._text(openings),
            }
        )

    @api.model
    def _managers(self, site):
        """Return the users who are told: the site's manager, or all managers of the site.

        Directors, who manage every site, are told where nobody else is there.
        """
        if site.manager_id.user_id:
            return site.manager_id.user_id
        users = self.env.ref("property_base.group_manager").all_user_ids
        users = users.filtered(lambda user: site in user.property_site_ids)
        directors = self.env.ref("property_base.group_director").all_user_ids
        return users - directors or users

    @api.model
    def _text(self, openings):
        """Return the report: how often each operator opened, and why."""
        words = dict(openings._fields["reason_kind"]._description_selection(self.env))
        rows = []
        for user, mine in openings.grouped("user_id").items():
            reasons = Counter(mine.mapped("reason_kind"))
            why = ", ".join(f"{words[kind]} {count}" for kind, count in reasons.most_common())
            rows.append((len(mine), user.name, why))
        cells = Markup("").join(
            Markup("<tr><td>%s</td><td>%s</td><td>%s</td></tr>") % (name, count, why)
            for count, name, why in sorted(rows, reverse=True)
        )
        head = Markup("<tr><th>%s</th><th>%s</th><th>%s</th></tr>") % (
            self.env._("Operator"),
            self.env._("Openings"),
            self.env._("Reasons"),
        )
        return Markup("<table class='table table-sm'>%s%s</table>") % (head, cells)

    def action_view_openings(self):
        """Open the manual openings of the day."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_security.property_gate_opening_action"
        )
        openings = self._openings(self.site_id, self.date)
        return {**action, "domain": [("id", "in", openings.ids)], "context": {}}
