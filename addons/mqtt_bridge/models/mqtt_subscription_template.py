import json

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import decoding
from ..tools import template as templates


class MqttSubscription(models.Model):
    """The decoder of templates: what messages are made of, written down in lines."""

    _inherit = "mqtt.subscription"

    template = fields.Text(
        tracking=True,
        help="What a message is made of, a part a line; the README of the addon lists the words.",
    )
    sample = fields.Text(
        store=False,
        help="A message to try the template with: hexadecimal for bytes, else as it is.",
    )
    sample_result = fields.Text(compute="_compute_sample_result", string="Read As")

    @api.depends("template", "sample", "decoder")
    def _compute_sample_result(self):
        for subscription in self:
            sample = subscription.decoder == "template" and subscription.sample
            subscription.sample_result = subscription._try_template(sample) if sample else False

    @api.constrains("decoder", "template")
    def _check_template(self):
        for subscription in self:
            try:
                subscription._kinds()
            except templates.Wrong as error:
                raise ValidationError(subscription._template_fault(error)) from None

    def _kinds(self):
        """Return the template as the decoder takes it.

        :raise Wrong: when it is none
        """
        return templates.parse(self.template or "") if self.decoder == "template" else ()

    def _template_fault(self, error):
        """Say which line of a template is at fault."""
        number, line = error.args
        return self.env._(
            "Line %(number)s of the template cannot be read: %(line)s", number=number, line=line
        )

    def _try_template(self, sample):
        """Read a sample as the template does, for somebody who is writing it.

        :return: text: the values, or what is wrong
        """
        try:
            kinds = self._kinds()
        except templates.Wrong as error:
            return self._template_fault(error)
        payloads = [sample.encode(), sample.encode(decoding.GBK)]
        if decoding.HEX.fullmatch(sample):
            payloads.insert(0, bytes.fromhex(sample))
        faults = []
        for payload in payloads:
            try:
                data = decoding.decode(payload, "template", len(payload), kinds)
            except decoding.Unreadable as refused:
                faults.append(str(refused))
            else:
                return json.dumps(data, ensure_ascii=False, indent=2)
        return self.env._("It does not fit: %(reason)s", reason=faults[0])
