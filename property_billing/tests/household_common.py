"""The household whose life the state machine lives, and what every rule of it needs."""

from collections import Counter
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .balances_common import BalancesCommon
from .portal_common import PortalBillsCommon

FIRST_MONTH = date(2026, 1, 1)
FEN = Decimal("0.01")


def fen(amount):
    """Return an amount of the ORM as Decimal."""
    return Decimal(str(amount)).quantize(FEN)


class HouseholdWorld(BalancesCommon):
    """Late fees on the management fee, a percentage of it, a quarterly item, a cashier on duty."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meter.reading_ids.unlink()
        cls.meter.write({"initial_reading": 99980, "install_date": date(2025, 12, 31)})
        cls.management.late_fee_policy_id = cls.env["property.late.fee.policy"].create(
            {
                "name": "Contract",
                "site_id": cls.site.id,
                "legal_basis": "Clause 7",
                "rate_ids": [Command.create({"date_from": "2020-01-01", "rate": 0.0005})],
            }
        )
        homes = cls.type_residence.ids
        cls.percentage = cls.new_item(
            "BFB", "percent", 7.3, 6, percent_base_ids=cls.management.ids, unit_type_ids=homes
        )
        cls.quarterly = cls.new_item("JD", "fixed", 33.33, 6, cycle_months=3, unit_type_ids=homes)
        cls.bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.currency = cls.company.currency_id
        cls.provider = cls.new_provider()
        methods = cls.env["property.tender.method"]._for_site(cls.site)
        cls.methods = {method.kind: method for method in methods}
        cashier = cls.users["cashier"]
        cls.shift = cls.env["property.cashier.shift"].with_user(cashier)._open(cls.site, 200)

    # the portal's way to pay, without its bills
    new_provider = classmethod(PortalBillsCommon.new_provider.__func__)
    new_transaction = classmethod(PortalBillsCommon.new_transaction.__func__)


class Household(RuleBasedStateMachine):
    """A household as it stands: the day it is, the month to bill next, its meter."""

    world = None  # the test case, set before the machine runs
    clock = None  # what stops the time, likewise
    done, refused = Counter(), Counter()

    def __init__(self):
        super().__init__()
        self.env = self.world.env
        self.savepoint = self.env.cr.savepoint()
        self.month = FIRST_MONTH
        self.runs = self.env["property.billing.run"]
        self.meter = self.world.meter
        self.shift = self.world.shift
        self.counted = 99980
        self.today = None
        self.live_until(FIRST_MONTH)

    def teardown(self):
        self.savepoint.rollback()
        self.savepoint.close(rollback=False)
        self.env.invalidate_all(flush=False)
        self.env.cr.postcommit.clear()

    def live_until(self, day):
        """Let the days pass, never backwards."""
        self.today = max(day, self.today or day)
        self.clock.move_to(self.today)

    @contextmanager
    def attempt(self, what):
        """Do something the product may refuse; then nothing of it has happened."""
        try:
            with self.env.cr.savepoint():
                yield
        except AccessError:
            raise
        except UserError as error:
            self.refused[what, str(error)[:90]] += 1
        else:
            self.done[what] += 1

    def new(self, model, role, **vals):
        """Create a record as a role."""
        return self.env[model].with_user(self.world.users[role]).create(vals)

    def approve(self, request, checker="manager"):
        """Submit a request, and have somebody else approve it."""
        request.action_submit()
        request.with_user(self.world.users[checker]).action_approve()

    # What there is ----------------------------------------------------------------------------

    def units(self):
        return self.world.unit | self.world.unit_2 | self.world.space

    def charges(self):
        return self.env["property.charge"].search([("site_id", "=", self.world.site.id)])

    def posted_charges(self):
        return self.charges().filtered(lambda charge: charge.state == "posted")

    def posted_runs(self):
        return self.runs.filtered(lambda run: run.state == "posted")

    def open_bills(self):
        return (
            self.posted_charges()
            .move_id.filtered(
                lambda move: (
                    move.move_type == "out_invoice"
                    and move.payment_state in ("not_paid", "partial")
                    and move.amount_residual > 0
                )
            )
            .sorted("id")
        )

    def kept(self, model):
        """Return prepayments or deposits with something left."""
        return self.env[model].search(
            [("unit_id", "in", self.units().ids), ("amount_left", ">", 0)], order="id"
        )

    def last_billed(self):
        """Return first and last day of the last month that was billed."""
        first = self.month - relativedelta(months=1)
        return first, first + relativedelta(day=31)

    def some(self, data, records, most=1):
        """Draw one or several of some records."""
        chosen = data.draw(
            st.lists(st.sampled_from(records.ids), min_size=1, max_size=most, unique=True)
        )
        return records.browse(chosen)

    def part(self, data, amount):
        """Draw all of an amount, or a part of it: Decimal."""
        whole = int(fen(amount) * 100)
        return Decimal(data.draw(st.one_of(st.just(whole), st.integers(1, whole)))) / 100
