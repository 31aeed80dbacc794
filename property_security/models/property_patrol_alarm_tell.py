from datetime import timedelta

from markupsafe import Markup
from odoo import api, fields, models
from odoo.tools import format_datetime

from .property_patrol_alarm import ACTIVITY

NEWS = timedelta(days=1)  # what was due longer ago needs no ringing, only a look


class PropertyPatrolAlarm(models.Model):
    """Whom an alarm tells: the shift leaders, and managers when no leader acts."""

    _inherit = "property.patrol.alarm"

    def _alert(self):
        """Tell the shift leaders of new alarms; where none of them has a user, the managers."""
        for one, alarms in self.grouped("round_id").items():
            users = one.site_id._patrol_reachable(alarms.leader_ids.user_id)
            if not users:
                alarms._escalate_now()
            for user in users:
                alarms._tell(user)

    @api.model
    def _escalate(self):
        """Tell managers of open alarms that nobody acknowledged in time, once."""
        now = fields.Datetime.now()
        waiting = self.search([("state", "=", "open"), ("escalated_at", "=", False)])
        waiting.filtered(lambda alarm: alarm._is_escalation_due(now))._escalate_now()

    def _is_escalation_due(self, now):
        self.ensure_one()
        minutes = self.site_id.patrol_escalate_minutes
        return minutes > 0 and self.raised_at + timedelta(minutes=minutes) <= now

    def _escalate_now(self):
        """Tell the managers of the site."""
        self.write({"escalated_at": fields.Datetime.now()})
        for one, alarms in self.grouped("round_id").items():
            for user in one.site_id._patrol_managers():
                alarms._tell(user)

    def _tell(self, user):
        """Tell a user of alarms of one patrol: a reminder, a pop-up, his inbox and an e-mail."""
        one = self.round_id.with_context(lang=user.lang, tz=self.site_id.tz)
        misses = ", ".join(self.with_env(one.env).mapped(lambda alarm: alarm._what()))
        text = one.env._("%(patrol)s: %(misses)s", patrol=one.display_name, misses=misses)
        self._remind(one, user, text)
        if one.planned_at < fields.Datetime.now() - NEWS:
            return
        title = one.env._("Patrol alarm")
        user._bus_send(
            "simple_notification",
            {"title": title, "message": text, "type": "danger", "sticky": True},
        )
        link = f"{one.get_base_url()}/odoo/patrols/{one.id}"
        body = Markup('<p>%s</p><p><a href="%s">%s</a></p>') % (text, link, one.display_name)
        one.message_notify(
            partner_ids=user.partner_id.ids,
            author_id=self.env.ref("base.partner_root").id,
            subject=f"{title}: {text}",
            body=body,
        )
        if user.notification_type == "inbox" and user.email:
            self._mail(user, f"{title}: {text}", body)

    def _remind(self, one, user, text):
        """Give a user one reminder on a patrol, which tells what was missed last."""
        kind = self.env.ref(ACTIVITY)
        mine = one.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind and activity.user_id == user
        )
        if mine:
            mine.write({"summary": text})
        else:
            quiet = one.with_context(mail_activity_quick_update=True)  # no letter of its own
            quiet.activity_schedule(ACTIVITY, summary=text, user_id=user.id)

    def _mail(self, user, subject, body):
        """Send an e-mail to somebody whose messages stay in the inbox, who is on his way."""
        self.env["mail.mail"].sudo().create(  # alarms are nobody's own letters
            {
                "subject": subject,
                "body_html": body,
                "email_to": user.email_formatted,
                "auto_delete": True,
            }
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _what(self):
        """Say in words what is missed."""
        self.ensure_one()
        if self.checkpoint_id:
            return self.checkpoint_id.name
        deadline = format_datetime(self.env, self.deadline_at, dt_format="HH:mm")
        return self.env._("nobody has begun, deadline %(time)s", time=deadline)
