"""Telling households early that the money they left in advance runs low."""

from decimal import Decimal

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models

from ..tools.prepay import months_covered

BATCH = 200
#: Months of bills that say what a household costs a month.
MONTHS = 3


class PropertyUnit(models.Model):
    _inherit = "property.unit"

    def _property_monthly_fees(self, payers=None):
        """Tell what each payer is billed a month on the units and their spaces.

        It is the mean of the last three months that were billed; opening arrears do not count.

        :param payers: res.partner to look at; everybody when left out
        :return: dict (unit id, commercial partner id) -> Decimal
        """
        units = self | self.child_ids
        today = fields.Date.context_today(self)
        domain = [
            ("unit_id", "in", units.ids),
            ("state", "=", "posted"),
            ("is_opening", "=", False),
            ("date_to", ">=", today - relativedelta(months=12)),
        ]
        if payers is not None:
            domain.append(
                ("payer_id.commercial_partner_id", "in", payers.commercial_partner_id.ids)
            )
        # sudo: only sums of households the caller may see
        rows = (
            self.env["property.charge"]
            .sudo()
            ._read_group(domain, ["unit_id", "payer_id", "date_to:month"], ["amount:sum"])
        )
        months = {}
        for unit, payer, month, amount in rows:
            home = unit if unit in self else unit.parent_id
            by_month = months.setdefault((home.id, payer.commercial_partner_id.id), {})
            by_month[month] = by_month.get(month, Decimal(0)) + Decimal(str(amount))
        return {
            key: sum(by_month[month] for month in sorted(by_month)[-MONTHS:])
            / min(len(by_month), MONTHS)
            for key, by_month in months.items()
        }


class PropertyPrepayment(models.Model):
    _inherit = "property.prepayment"

    @api.model
    def _cap_warning(self, unit, payer, amount):
        """Return a sentence when a payer would have left more than the site's legal cap.

        :param amount: yuan about to be received
        :return: the warning, or False
        """
        site = unit.site_id
        if not (site.prepayment_cap_months and payer):
            return False
        monthly = unit._property_monthly_fees(payer).get(
            (unit.id, payer.commercial_partner_id.id), Decimal(0)
        )
        left = sum(self._open(unit, payer).mapped("amount_left")) + amount
        months = months_covered(Decimal(str(left)), monthly)
        if months is None or months <= site.prepayment_cap_months:
            return False
        return self.env._(
            "With this, %(months)s months would be paid ahead; the limit is %(cap)s. %(basis)s",
            months=months,
            cap=site.prepayment_cap_months,
            basis=site.prepayment_cap_basis or "",
        ).strip()

    @api.model
    def _cron_remind(self):
        """Remind payers whose balance no longer covers the months their site asks for.

        A household is reminded once for what it left last; paying in again starts anew.
        """
        # sudo: the cron looks at every site
        sites_sudo = (
            self.env["property.site"].sudo().search([("prepayment_reminder_months", ">", 0)])
        )
        latest = self._latest_unreminded(sites_sudo)
        self.env["ir.cron"]._commit_progress(remaining=len(latest))
        for start in range(0, len(latest), BATCH):
            batch = latest[start : start + BATCH].exists().try_lock_for_update()
            batch._remind_low()
            if not self.env["ir.cron"]._commit_progress(len(latest[start : start + BATCH])):
                break

    @api.model
    def _latest_unreminded(self, sites):
        """Return the last prepayment of every household that was not reminded of it."""
        groups = self.sudo()._read_group(
            [("site_id", "in", sites.ids), ("item_id", "=", False)],
            ["unit_id", "commercial_partner_id"],
            ["id:max"],
        )
        latest = self.sudo().browse([last for _unit, _partner, last in groups])
        return latest.filtered(lambda one: not one.reminded_on)

    def _remind_low(self):
        """Remind those whose balance is low: by e-mail, else by an activity for the site."""
        monthly = self.unit_id._property_monthly_fees(self.partner_id)
        balances = {}
        for other in self._open(self.unit_id, self.partner_id):
            key = (other.unit_id.id, other.commercial_partner_id.id)
            balances[key] = balances.get(key, Decimal(0)) + other._fen(other.amount_left)
        low = self.browse()
        for prepayment in self:
            key = (prepayment.unit_id.id, prepayment.commercial_partner_id.id)
            months = months_covered(balances.get(key, Decimal(0)), monthly.get(key, Decimal(0)))
            if months is not None and months < prepayment.site_id.prepayment_reminder_months:
                low |= prepayment
        # sudo: the cron reminds on behalf of the site
        low.sudo().write({"reminded_on": fields.Date.context_today(self)})
        template_sudo = self.env.ref("property_billing.mail_template_prepayment_low").sudo()
        by_mail = low.filtered(lambda one: one.partner_id.email)
        if by_mail:
            template_sudo.send_mail_batch(by_mail.ids)
        for prepayment in low - by_mail:
            user = prepayment._reminder_user()
            env = self.with_context(lang=user.sudo().lang).env
            prepayment.sudo().activity_schedule(
                "mail.mail_activity_data_call",
                summary=env._("Balance of %(unit)s is low", unit=prepayment.unit_id.code),
                note=env._("Tell %(payer)s, who has no e-mail.", payer=prepayment.partner_id.name),
                user_id=user.id,
            )

    def _reminder_user(self):
        """Return who calls: whoever took the money, else the site's cashier or the system."""
        self.ensure_one()
        return self.payment_id.create_uid or self.create_uid or self.env.user

    def _balance_now(self):
        """Return what payer and unit have left in all, for the words of the reminder."""
        self.ensure_one()
        return sum(self._open(self.unit_id, self.partner_id).mapped("amount_left"))
