from datetime import datetime, timedelta

import pytz
from odoo import api, fields, models


class FieldHead(models.Model):
    """How far the chain of a company had come at the end of a day, as the managers were told."""

    _name = "field.head"
    _description = "Head of a Day"
    _order = "date desc, id desc"
    _rec_name = "date"

    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    entry_count = fields.Integer(string="Entries", readonly=True)
    open_count = fields.Integer(
        string="To Deal With", readonly=True, help="Entries that wait for a person."
    )
    last_sequence = fields.Integer(
        string="Last Place in the Chain", required=True, readonly=True, aggregator=None
    )
    chain_hash = fields.Char(string="Sum", required=True, readonly=True)
    sent_to = fields.Char(readonly=True)
    break_count = fields.Integer(
        string="Breaks", readonly=True, help="Places where the chain was broken on that evening."
    )

    _day_unique = models.UniqueIndex("(company_id, date)")

    @api.model
    def _cron_close_days(self):
        """Tell the managers of each company the head of every day that is over, once.

        Days are reckoned from what is stored: a job that did not run for a week makes up for it.
        """
        # a company's evidence is closed whoever runs the job
        entries_sudo = self.env["field.entry"].sudo()
        companies = [company for [company] in entries_sudo._read_group([], ["company_id"])]
        for company in companies:
            for head in self._close_days(company):
                head._send()

    @api.model
    def _close_days(self, company):
        """Make the heads of a company's days that are over and have none.

        :return: field.head
        """
        zone = pytz.timezone(company.resource_calendar_id.tz or company.partner_id.tz or "UTC")
        today = datetime.now(zone).date()
        last = self.search([("company_id", "=", company.id)], limit=1)
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT day, max(sequence), count(*) FROM (
                SELECT sequence, (received_at AT TIME ZONE 'UTC' AT TIME ZONE %s)::date AS day
                FROM field_entry WHERE company_id = %s AND sequence > %s AND received_at >= %s
            ) arrived WHERE day > %s AND day < %s GROUP BY day ORDER BY day
            """,
            [
                zone.zone,
                company.id,
                last.last_sequence,
                (last.date or fields.Date.to_date("1970-01-02")) - timedelta(days=1),
                last.date or fields.Date.to_date("1970-01-01"),
                today,
            ],
        )
        rows = self.env.cr.fetchall()
        if not rows:
            return self
        breaks = self.env["field.entry"]._check_chain(company)
        open_count = self.env["field.entry"].search_count(
            [("company_id", "=", company.id), ("is_open", "=", True)]
        )
        lasts = self.env["field.entry"].search(
            [("company_id", "=", company.id), ("sequence", "in", [row[1] for row in rows])]
        )
        sums = {entry.sequence: entry.chain_hash for entry in lasts}
        return self.create(
            [
                {
                    "company_id": company.id,
                    "date": day,
                    "entry_count": count,
                    "open_count": open_count,
                    "break_count": len(breaks),
                    "last_sequence": sequence,
                    "chain_hash": sums[sequence],
                }
                for day, sequence, count in rows
            ]
        )

    def _send(self):
        """Write to the managers of the company; the mail goes out with the next mails."""
        self.ensure_one()
        template = self.env.ref("inspection_round.mail_template_field_head")
        managers = self.env["field.entry"].new({"company_id": self.company_id.id})._managers()
        addressed = managers.filtered("email")
        for lang, users in addressed.grouped("lang").items():
            template.with_context(lang=lang).send_mail(
                self.id,
                email_values={"recipient_ids": [(6, 0, users.partner_id.ids)], "email_to": False},
            )
        self.sent_to = ", ".join(addressed.mapped("email"))
