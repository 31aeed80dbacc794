from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

BATCH = 1000


class PropertyParkingPassage(models.Model):
    """How long pictures and passages are kept."""

    _inherit = "property.parking.passage"

    @api.model
    def _cron_retention(self):
        """Remove pictures, passages and door events older than their company keeps them."""
        lanes = self.env["property.parking.lane"].with_context(active_test=False)
        for (company,) in lanes._read_group([], ["company_id"]):
            if company.gate_image_days:
                domain = self._old_image_domain(company)
                if not self._clear(domain, lambda passages: passages.write({"image": False})):
                    return
                self._remove_opening_photos(company)
            if company.gate_passage_days:
                domain = self._old_domain(company, company.gate_passage_days) & Domain(
                    "anomaly_ids", "=", False
                )
                if not self._clear(domain, lambda passages: passages.unlink()):
                    return
                self._remove_events(company)

    @api.model
    def _remove_opening_photos(self, company):
        """Remove the photos of openings by hand that are as old as pictures may become."""
        limit = fields.Datetime.now() - timedelta(days=company.gate_image_days)
        old = self.env["property.gate.opening"].search(
            [("company_id", "=", company.id), ("at", "<", limit), ("photo", "!=", False)],
            limit=BATCH,
        )
        old.photo = False

    @api.model
    def _remove_events(self, company):
        """Remove the door events of a company that are as old as passages may become."""
        limit = fields.Datetime.now() - timedelta(days=company.gate_passage_days)
        domain = [("company_id", "=", company.id), ("at", "<", limit)]
        self.env["property.gate.event"].search(domain, limit=BATCH).unlink()

    @api.model
    def _clear(self, domain, remove):
        """Remove what is old, batch by batch.

        :param remove: function of passages
        :return: whether there is time left
        """
        cron = self.env["ir.cron"]
        while passages := self.search(domain, limit=BATCH, order="id"):
            remove(passages)
            # the search must not find again what a batch has left
            domain &= Domain("id", ">", passages[-1:].id)
            if not cron._commit_progress(len(passages)):
                return False
        return True

    @api.model
    def _old_domain(self, company, days):
        """Return the passages older than so many days that nothing needs any more.

        A car that is inside needs its own, and an incident those it is about.
        """
        evidence = self.env["property.incident"].sudo()._search([("passage_id", "!=", False)])
        limit = fields.Datetime.now() - timedelta(days=days)
        return (
            Domain("company_id", "=", company.id)
            & Domain("at", "<", limit)
            & Domain("id", "not in", evidence.subselect("passage_id"))
            & (Domain("session_id", "=", False) | Domain("session_id.state", "!=", "inside"))
        )

    @api.model
    def _old_image_domain(self, company):
        """Return the passages whose pictures are old, but for those that are being looked into."""
        return (
            self._old_domain(company, company.gate_image_days)
            & Domain("image", "!=", False)
            & ~Domain("anomaly_ids.state", "=", "open")
        )
