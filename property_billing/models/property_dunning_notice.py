import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ..tools.dunning import fill, forbidden_words


class PropertyDunningNotice(models.Model):
    """What one payer of one household was told, frozen, with every delivery (催缴通知)."""

    _name = "property.dunning.notice"
    _description = "Dunning Notice"
    _inherit = ["property.made.by.methods"]
    _order = "date desc, unit_sort_key, id"
    _rec_name = "name"

    name = fields.Char(compute="_compute_name", store=True)
    run_id = fields.Many2one(
        "property.dunning.run", required=True, index=True, ondelete="cascade", readonly=True
    )
    level_id = fields.Many2one(related="run_id.level_id", store=True, index=True)
    site_id = fields.Many2one(related="run_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(related="run_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    unit_id = fields.Many2one(
        "property.unit", required=True, index=True, ondelete="restrict", readonly=True
    )
    unit_sort_key = fields.Char(
        related="unit_id.sort_key", store=True, precompute=True, string="Unit Order"
    )
    building_id = fields.Many2one(related="unit_id.building_id", store=True, precompute=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Payer",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    phone_masked = fields.Char(related="partner_id.phone_masked", string="Phone")
    date = fields.Date(required=True, readonly=True, index=True)
    deadline = fields.Date(readonly=True, help="Day until which the notice asks to pay.")
    days_overdue = fields.Integer(readonly=True, aggregator="max", help="Of the oldest bill.")
    bill_ids = fields.Many2many("account.move", string="Bills", readonly=True)
    lines = fields.Json(readonly=True, help="Bills, amounts and late fees as they were told.")
    amount_principal = fields.Monetary(string="Principal", readonly=True)
    amount_late_fee = fields.Monetary(string="Late Fee", readonly=True)
    amount_total = fields.Monetary(
        compute="_compute_amount_total", store=True, precompute=True, string="Total"
    )
    amount_open = fields.Monetary(
        compute="_compute_amount_open", string="Still Open", help="Of these bills, today."
    )
    state = fields.Selection(
        [("prepared", "Prepared"), ("sent", "Sent"), ("failed", "Failed")],
        required=True,
        default="prepared",
        readonly=True,
        index=True,
    )
    sent_at = fields.Datetime(readonly=True)
    delivery_ids = fields.One2many("property.dunning.delivery", "notice_id", string="Deliveries")
    promise_ids = fields.One2many("property.promise", "notice_id", string="Promises")

    @api.depends("run_id.level_id", "unit_id.code", "date")
    def _compute_name(self):
        for notice in self:
            parts = (notice.run_id.level_id.name, notice.unit_id.code, str(notice.date or ""))
            notice.name = " ".join(part for part in parts if part)

    @api.depends("amount_principal", "amount_late_fee")
    def _compute_amount_total(self):
        for notice in self:
            notice.amount_total = notice.amount_principal + notice.amount_late_fee

    @api.depends("bill_ids.amount_residual")
    def _compute_amount_open(self):
        for notice in self:
            # sudo: the sum of bills whose household the reader sees
            notice.amount_open = sum(notice.sudo().bill_ids.mapped("amount_residual"))

    def action_view_bills(self):
        """Open the bills of the notice."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.account_move_action_bills"
        )
        return {**action, "domain": [("id", "in", self.bill_ids.ids)], "context": {}}

    def action_promise(self):
        """Write down when the payer promised to pay."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.promise",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_notice_id": self.id,
                "default_unit_id": self.unit_id.id,
                "default_partner_id": self.partner_id.id,
                "default_amount": self.amount_open,
            },
        }

    # Words ------------------------------------------------------------------------------------

    def _text(self, field):
        """Fill in a text of the level for this household.

        :param field: "title", "body" or "message"
        :raise UserError: when the filled text threatens what the law forbids
        """
        self.ensure_one()
        level = self.level_id.with_context(lang=self._lang())
        money = self.currency_id.format
        text = fill(
            level[field] or "",
            {
                "payer": self.partner_id.name or "",
                "unit": self.unit_id.code,
                "site": self.site_id.name,
                "amount": money(self.amount_total),
                "principal": money(self.amount_principal),
                "late_fee": money(self.amount_late_fee),
                "days": self.days_overdue,
                "deadline": str(self.deadline),
            },
        )
        if forbidden_words(level[field] or ""):
            raise UserError(
                self.env._("The text of %(level)s may not be sent: correct it.", level=level.name)
            )
        return text

    def _lang(self):
        installed = dict(self.env["res.lang"].get_installed())
        lang = self.partner_id.lang
        return lang if lang in installed else self.company_id._billing_lang()

    # Sending ----------------------------------------------------------------------------------

    def _send(self):
        """Send prepared notices on every channel of their level; one failure stops no other."""
        prepared = self.filtered(lambda notice: notice.state == "prepared")
        channels = prepared.level_id._channels()
        outcomes = {notice: [] for notice in prepared}
        if "print" in channels:
            result = prepared._print()
            for notice in prepared:
                outcomes[notice].append(result)
        for notice in prepared:
            for channel in channels:
                if channel != "print":
                    outcomes[notice].append(getattr(notice, f"_send_{channel}")())
        deliveries = [
            {"notice_id": notice.id, **outcome}
            for notice, rows in outcomes.items()
            for outcome in rows
        ]
        # sudo: deliveries are evidence, written by sending only
        self.env["property.dunning.delivery"].sudo().create(deliveries)
        sent = prepared.filtered(lambda n: any(row["result"] == "ok" for row in outcomes[n]))
        sent.sudo().write({"state": "sent", "sent_at": fields.Datetime.now()})
        (prepared - sent).sudo().write({"state": "failed", "sent_at": fields.Datetime.now()})

    def _print(self):
        """Print the notices into one PDF that hangs on their run.

        :return: the delivery's values, the same for all
        """
        run = self.run_id
        lang = run.company_id._billing_lang()
        try:
            # sudo: printing reads company and layout data; the run's access was checked
            reports_sudo = self.env["ir.actions.report"].sudo().with_context(lang=lang)
            content, _kind = reports_sudo._render_qweb_pdf(
                "property_billing.action_report_dunning_notice", self.ids
            )
        except UserError as error:
            return {"channel": "print", "result": "failed", "detail": str(error)}
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{run.name} {self[0].id}-{self[-1].id}.pdf",
                    "res_model": run._name,
                    "res_id": run.id,
                    "raw": content,
                    "mimetype": "application/pdf",
                }
            )
        )
        return {
            "channel": "print",
            "result": "ok",
            "attachment_id": attachment.id,
            "digest": hashlib.sha256(content).hexdigest(),
        }

    def _send_email(self):
        """Send the notice by e-mail.

        :return: the delivery's values
        """
        self.ensure_one()
        address = self.partner_id.email_normalized
        if not address:
            return {
                "channel": "email",
                "result": "failed",
                "detail": self.env._("There is no e-mail address. Enter it on the person."),
            }
        body = self._text("body")
        mail_sudo = (
            self.env["mail.mail"]
            .sudo()
            .create(
                {
                    "subject": f"{self._text('title')} {self.unit_id.code}",
                    "body_html": plaintext2html(body),
                    "email_to": address,
                    "email_from": self.company_id.email_formatted or self.env.user.email_formatted,
                    "model": self._name,
                    "res_id": self.id,
                    "auto_delete": False,
                }
            )
        )
        return {
            "channel": "email",
            "result": "ok",
            "recipient": _mask_email(address),
            "reference": f"mail {mail_sudo.id}",
            "digest": hashlib.sha256(body.encode()).hexdigest(),
        }

    def _send_sms(self):
        """Send the short message through the gateway of the company.

        :return: the delivery's values
        """
        self.ensure_one()
        if not self.partner_id.phone:
            return {
                "channel": "sms",
                "result": "failed",
                "detail": self.env._("There is no phone number. Enter it on the person."),
            }
        text = self._text("message")
        gateway = self.env["property.sms.gateway"]._of_company(self.company_id)
        if not gateway or not text:
            return {
                "channel": "sms",
                "result": "failed",
                "detail": self.env._("Set up an SMS gateway, and a short message on the level."),
            }
        reference, error = gateway._send(self.partner_id.phone, text, f"dunning-{self.id}")
        return {
            "channel": "sms",
            "result": "failed" if error else "ok",
            "recipient": self.partner_id.phone_masked,
            "reference": reference,
            "detail": error,
            "digest": hashlib.sha256(text.encode()).hexdigest(),
        }

    def _send_portal(self):
        """Show the notice on the payer's page of bills.

        :return: the delivery's values
        """
        self.ensure_one()
        # sudo: whether a portal account exists is all that is asked
        if not self.partner_id.sudo().user_ids:
            return {
                "channel": "portal",
                "result": "failed",
                "detail": self.env._("The payer has no portal account."),
            }
        return {"channel": "portal", "result": "ok"}

    # Portal -----------------------------------------------------------------------------------

    @api.model
    def _portal_domain(self, partner):
        """Return the domain of the notices a person may read: the own ones that were sent."""
        return Domain("partner_id", "=", partner.commercial_partner_id.id) & Domain(
            "delivery_ids", "any", [("channel", "=", "portal"), ("result", "=", "ok")]
        )

    def _log_read(self):
        """Write down that the payer opened the notice in the portal; once a notice."""
        self.ensure_one()
        if not self.delivery_ids.filtered(lambda row: row.channel == "read"):
            self.env["property.dunning.delivery"].sudo().create(
                {"notice_id": self.id, "channel": "read", "result": "ok"}
            )

    def _codes(self):
        """Return dict company id -> QR code of its page of bills, as a data URI."""
        bills = self.env["account.move"]
        return {company.id: bills._property_bills_qr(company) for company in self.company_id}


def _mask_email(address):
    name, _at, domain = address.partition("@")
    return f"{name[:2]}***@{domain}"
