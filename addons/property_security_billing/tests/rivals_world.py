"""A car park whose rows are committed, for those who work on it at the same moment."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from odoo.addons.property_billing.tests.rivals_common import RivalsMixin

PLATE = "浙A12345"


class ParkingRivalsMixin(RivalsMixin):
    """One car that drove in two hours ago; 5 an hour; days are booked together."""

    def build(self):
        """Create the world and have it taken away at the end."""
        self.connect()
        self.addCleanup(self._clean)
        with self._env() as env:
            company = env["res.company"].search([("parent_id", "=", False)], limit=1, order="id")
            company._billing_prepare_accounting()
            company._parking_item()
            company._parking_partner()
            self.entry = fields.Datetime.now() - timedelta(minutes=110)
            self._build_place(env, company)
            self._build_money(env, company)

    def _build_place(self, env, company):
        site = env["property.site"].create(
            {"name": "Rivals", "code": "RIVALPK", "company_id": company.id}
        )
        self.site_id = site.id
        site._billing_journal()
        area = env["property.parking.area"].create(
            {"name": "Deck", "site_id": site.id, "is_paid_exit": True, "booking": "daily"}
        )
        env["property.parking.tariff"].create(
            {
                "name": "Hourly",
                "area_id": area.id,
                "date_from": "2020-01-01",
                "leave_minutes": 15,
                "line_ids": [Command.create({"name": "all day", "block_price": 5})],
            }
        )
        lanes = env["property.parking.lane"].create(
            [
                {"name": name, "area_id": area.id, "direction": direction}
                for name, direction in (("In", "in"), ("Out 1", "out"), ("Out 2", "out"))
            ]
        )
        self.exit_ids = lanes[1:].ids
        read = {"key": "in", "plate": PLATE, "at": self.entry, "received_at": self.entry}
        self.stay_id = env["property.parking.passage"]._take(lanes[0], [read]).session_id.id

    def _build_money(self, env, company):
        journals = env["account.journal"].search([("company_id", "=", company.id)], order="id")
        self.journal_id = journals.filtered(lambda one: one.type == "cash")[:1].id
        cash = env["property.tender.method"]._for_site(env["property.site"].browse(self.site_id))
        self.tender_id = cash.filtered(lambda one: one.kind == "cash")[:1].id
        method = env.ref("payment.payment_method_unknown")
        provider = env["payment.provider"].create(
            {
                "name": "Rival Pay",
                "code": "none",
                "state": "test",
                "company_id": company.id,
                "payment_method_ids": [Command.set(method.ids)],
            }
        )
        provider.journal_id = journals.filtered(lambda one: one.type == "bank")[:1]
        self.provider_id, self.method_id = provider.id, method.id

    def _clean(self):
        with self._env() as env:
            journal = env["property.site"].browse(self.site_id).billing_journal_id
            for table in ("refund", "payment", "anomaly", "passage", "session", "presence"):
                env.cr.execute(
                    f"SELECT id FROM property_parking_{table} WHERE site_id = %s",  # noqa: S608
                    [self.site_id],
                )
                ids = [row[0] for row in env.cr.fetchall()]
                self._purge(env.cr, f"property_parking_{table}", ids)
            self._purge(env.cr, "property_site", [self.site_id])
            self._purge(env.cr, "payment_provider", [self.provider_id])
            journal.unlink()

    # What the rivals work on ------------------------------------------------------------------

    def stay(self, env):
        """Return the stay."""
        return env["property.parking.session"].browse(self.stay_id)

    def payments(self, env):
        """Return what was paid for the stay."""
        return env["property.parking.payment"].search([("session_id", "=", self.stay_id)])

    def new_transaction(self, env, amount):
        """Create a payment that a telephone began."""
        stay = self.stay(env)
        return env["payment.transaction"].create(
            {
                "provider_id": self.provider_id,
                "payment_method_id": self.method_id,
                "reference": f"RIVAL-{stay.id}-{amount}",
                "amount": amount,
                "currency_id": stay.currency_id.id,
                "partner_id": stay.company_id._parking_partner().id,
                "operation": "online_redirect",
                "parking_session_id": stay.id,
                "parking_quoted_at": fields.Datetime.now(),
            }
        )

    def take(self, env, key):
        """Take the fee in the drawer of the user's shift; return the payment."""
        stay, tender = self.stay(env), env["property.tender.method"].browse(self.tender_id)
        due = stay._due_at(stay._fee_moment(fields.Datetime.now()))
        return stay._take_at_lane(tender, due, key)

    def drive_out(self, env, number):
        """Let the camera of an exit read the plate now; return the passage."""
        lane, now = env["property.parking.lane"].browse(self.exit_ids[number]), self.now
        read = {"key": f"out-{number}", "plate": PLATE, "at": now, "received_at": now}
        return env["property.parking.passage"]._take(lane, [read])

    @property
    def now(self):
        """The present moment without microseconds, as messages carry it."""
        return fields.Datetime.now()
