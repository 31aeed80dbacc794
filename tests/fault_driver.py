"""Run inside Odoo's shell: kill the process that bills and collects, at random moments.

The shell's process is the bystander: it forks a worker a step, which is killed as it sends a random
one of the statements that the step usually takes, looks at the books, then lets another finish, as
a restarted server would. So the machine's speed has no say in where a kill falls. Reads MOMENTS,
SEED and INVARIANTS (path) from its globals.
"""

import importlib.util
import itertools
import json
import os
import random
import signal
import sys
import time
import traceback
from collections import Counter
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from dateutil.relativedelta import relativedelta
from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry

from odoo.addons.property_billing.models import (
    property_bank_collection_post,
    property_billing_run_queue,
    property_charge_post,
    property_charge_undo,
    property_rerate_work,
)
from odoo.addons.property_billing.models.payment_lane import PaymentLane
from odoo.addons.property_billing.models.receipt_lane import ReceiptLane
from odoo.addons.property_billing.tests.bank_common import BankMixin
from odoo.addons.property_billing.tests.portal_common import PortalBillsCommon

UNITS, PAYERS, BATCH = 24, 6, 10
PHASES = ("compute", "post", "collect", "portal", "answer", "book", "again", "back", "undo")
TODAY = date.today()
DATABASE = env.cr.dbname  # noqa: F821  (the shell's)

spec = importlib.util.spec_from_file_location("invariants", INVARIANTS)  # noqa: F821
invariants = importlib.util.module_from_spec(spec)
spec.loader.exec_module(invariants)

# several transactions a step, so that a kill also falls between two of them
for module in (property_billing_run_queue, property_charge_post, property_charge_undo):
    for name in ("POST_BATCH", "LANE_CHUNK", "UNDO_BATCH"):
        if hasattr(module, name):
            setattr(module, name, BATCH)
property_bank_collection_post.POST_CHUNK = PAYERS // 3
property_rerate_work.AT_ONCE, property_rerate_work.CHARGES_A_STEP = 0, BATCH
property_charge_post.LANE_FROM = 0  # by the fast lane, and over several connections
property_billing_run_queue.connections = lambda env: 2
# payments and receipts are made as sets, however few: these are killed too
PaymentLane.pay.__defaults__ = ReceiptLane.make.__defaults__ = (0,)


def found_world(env):
    """Make a site of small flats with an owner each, and two items."""
    company = env.company
    company._billing_prepare_accounting()
    site = env["property.site"].create({"name": "Faults", "code": "FAULT"})
    building = env["property.building"].create({"site_id": site.id, "code": "1", "name": "1"})
    kind = env.ref("property_base.unit_type_residence")
    units = env["property.unit"].create(
        [
            {
                "site_id": site.id,
                "building_id": building.id,
                "room": str(100 + number),
                "type_id": kind.id,
                "area_gross": 50.0 + number,
                "handover_date": date(2020, 1, 1),
            }
            for number in range(UNITS)
        ]
    )
    owners = env["res.partner"].create([{"name": f"Owner {number}"} for number in range(UNITS)])
    env["property.occupancy"].create(
        [
            {"unit_id": u.id, "partner_id": o.id, "role": "owner", "date_from": date(2020, 1, 1)}
            for u, o in zip(units, owners, strict=True)
        ]
    )
    policy = env["property.late.fee.policy"].create(
        {"name": "Late", "rate_ids": [(0, 0, {"date_from": date(2020, 1, 1), "rate": 0.0005})]}
    )
    for code, method, price in (("A", "area", 2.35), ("F", "fixed", 12.5)):
        env["property.charge.item"].create(
            {
                "code": code,
                "name": code,
                "method": method,
                "site_id": site.id,
                "late_fee_policy_id": policy.id if code == "A" else False,
                "unit_type_ids": [(6, 0, kind.ids)],
                "tariff_ids": [(0, 0, {"date_from": date(2020, 1, 1), "price": price})],
            }
        )
    env["property.cashier.shift"]._open(site)
    withheld = owners.sorted("id")[2 * PAYERS : 3 * PAYERS]
    accounts = env["res.partner.bank"].create(
        [{"acc_number": f"62170000{one.id:08}", "partner_id": one.id} for one in withheld]
    )
    env["property.bank.mandate"].create(
        [
            {
                "name": f"FAULT{account.id}",
                "site_id": site.id,
                "partner_id": account.partner_id.id,
                "bank_account_id": account.id,
                "date_from": date(2020, 1, 1),
            }
            for account in accounts
        ]
    ).action_activate()
    PortalBillsCommon.new_provider.__func__(SimpleNamespace(env=env, company=company))
    return site.id


def compute(env, run):
    """Compute through the job that a large run is handed to."""
    if run.state in ("draft", "computing"):
        queue(env, run, "computing")


def post(env, run):
    """Post through the job, a batch a transaction."""
    if run.state in ("computed", "posting"):
        queue(env, run, "posting")


def undo(env, run):
    """Take the run back through the job."""
    if run.state in ("posted", "undoing"):
        queue(env, run, "undoing")


def queue(env, run, state):
    """Hand the run to the job, and start the job as often as its time does not suffice."""
    run.sudo().write({"state": state})
    env.cr.commit()
    while run.state == state:
        start(env, "ir_cron_billing_runs")


def start(env, job):
    """Start a scheduled action, as its server does time and again."""
    cron = env.ref(f"property_billing.{job}")
    # Odoo skips a job once that crashed three times in a row; none crashes as often as here
    env["ir.cron.progress"].search([("cron_id", "=", cron.id)]).timed_out_counter = 0
    cron.method_direct_trigger()
    env.cr.commit()
    env.invalidate_all()


def collect(env, run):
    """Take the money of some payers at the counter, each in a transaction of its own."""
    methods = env["property.tender.method"]._for_site(run.site_ids)
    method = methods.filtered(lambda one: one.kind == "cash")
    shift = env["property.cashier.shift"]._mine(run.site_ids)
    for payer in run.charge_ids.payer_id.sorted("id")[:PAYERS]:
        bills = run.charge_ids.filtered(lambda c, payer=payer: c.payer_id == payer).move_id
        due = [(b, Decimal(str(round(b.amount_residual, 2)))) for b in bills if b.amount_residual]
        if due:
            fees = bills._property_late_fees(TODAY)
            total = sum(amount + fees[bill.id] for bill, amount in due)
            env["property.collection"]._collect(
                due,
                [{"method": method, "amount": total}],
                date=TODAY,
                late_fees={bill: fees[bill.id] for bill, _sum in due if fees[bill.id]},
                token=f"fault-{run.id}-{payer.id}",
                shift=shift,
                unit=bills.unit_id[:1],
            )
            env.cr.commit()


def portal(env, run):
    """Let other payers pay in the portal: the order, the provider's word, the booking."""
    for payer in run.charge_ids.payer_id.sorted("id")[PAYERS : 2 * PAYERS]:
        bills = run.charge_ids.filtered(lambda c, payer=payer: c.payer_id == payer).move_id
        transactions = env["payment.transaction"]
        reference = f"FAULT-{run.id}-{payer.id}"
        transaction = transactions.search([("reference", "=", reference)])
        if not transaction:
            terms = bills._property_payment_terms(TODAY)
            amounts = {str(bill.id): float(terms[bill.id]["payable"]) for bill in bills}
            provider = env["payment.provider"].search([("state", "=", "test")], limit=1)
            transaction = transactions.create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": provider.payment_method_ids.id,
                    "reference": reference,
                    "amount": sum(amounts.values()),
                    "currency_id": bills.currency_id.id,
                    "partner_id": payer.id,
                    "operation": "online_direct",
                    "invoice_ids": [(6, 0, bills.ids)],
                    "property_amounts": amounts,
                    "property_terms": bills._property_frozen_terms(terms),
                }
            )
            env.cr.commit()
        if transaction.state == "draft":
            transaction._set_done()
            env.cr.commit()
        if not transaction.is_post_processed:
            transaction._post_process()  # as the provider's page or the cron that follows it
            env.cr.commit()


def answer(env, run):
    """Ask the bank for what further payers owe, and read its answer: one failed, one in part."""
    batches = env["property.bank.collection"]
    batch = batches.search([("site_id", "in", run.site_ids.ids), ("state", "!=", "done")])
    if not batch:
        journal = env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", run.company_id.id)], limit=1
        )
        vals = {"site_id": run.site_ids.id, "journal_id": journal.id, "date": TODAY}
        batch = batches.create({**vals, "is_receipted": True})
        batch.action_collect()
        env.cr.commit()
    if batch.state == "draft":
        batch.action_export_csv()
        env.cr.commit()
    if batch.state == "exported":
        half = round(batch.line_ids[1].amount / 2, 2)
        rows = BankMixin.answer_rows(batch, line_1=("余额不足", 0), line_2=("余额不足", half))
        batch._import_results("answer.csv", BankMixin.as_csv(rows))
        env.cr.commit()


def book(env, run):
    """Book what the bank collected through the job, a chunk and its receipts a transaction."""
    batches = env["property.bank.collection"]
    batch = batches.search([("site_id", "in", run.site_ids.ids), ("state", "!=", "done")])
    if batch.state == "imported":
        batch.state = "posting"
        env.cr.commit()
    while batch.state == "posting":
        start(env, "ir_cron_bank_collections")


def again(env, run):
    """Bill an item of the run anew at another price through the job, some homes a transaction."""
    rerate = rerate_of(env, run)
    if not rerate:
        charges = run.charge_ids.filtered(lambda charge: charge.item_id.code == "A")
        charges.item_id.tariff_ids.price += 0.05
        rerate = env["property.rerate"].create(
            {
                "site_id": run.site_ids.id,
                "item_ids": [(6, 0, charges.item_id.ids)],
                "date_from": run.date_from,
                "date_to": run.date_to,
                "reason": f"fault {run.id}",
                "approval_state": "approved",
            }
        )
        rerate._start_billing(charges)
        env.cr.commit()
    work_off(env, rerate)


def back(env, run):
    """Take that back through the job."""
    rerate = rerate_of(env, run)
    if not rerate.work and not rerate.is_undone:
        rerate._start_restoring()
        env.cr.commit()
    work_off(env, rerate)


def rerate_of(env, run):
    """Return the document that bills the run anew, if there is one already."""
    return env["property.rerate"].search([("reason", "=", f"fault {run.id}")])


def work_off(env, rerate):
    """Start the job as often as its time does not suffice."""
    while rerate.work:
        start(env, "ir_cron_rerates")


def count_sent(kill_at):
    """Count what this process sends to the database, and kill it where it would send `kill_at`.

    :return: iterator whose next is the number sent so far
    """
    sent = itertools.count()
    for name in ("execute", "commit"):
        send = getattr(sql_db.Cursor, name)

        def counted(cursor, *args, _send=send, **options):
            if next(sent) == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            return _send(cursor, *args, **options)

        setattr(sql_db.Cursor, name, counted)
    return sent


def worker(phase, run_id, kill_at, report):
    """Run a step in a process of its own with connections of its own."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        sql_db._Pool = sql_db._Pool_readonly = None
        registry = Registry(DATABASE)
        registry._db = sql_db.db_connect(DATABASE)
        with registry.cursor() as cr:
            own = api.Environment(cr, SUPERUSER_ID, {"lang": "zh_CN"})
            sent = count_sent(kill_at)
            globals()[phase](own, own["property.billing.run"].browse(run_id))
            cr.commit()
            os.write(report, str(next(sent)).encode())
        code = 0
    except BaseException:  # noqa: BLE001  (a worker tells why and ends)
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


def run_phase(phase, run_id, kill_at=None):
    """Run a step to its end, or to where it would send statement number `kill_at`.

    :return: number of statements it sent, or None when it was killed
    """
    told, report = os.pipe()
    pid = worker(phase, run_id, kill_at, report)
    os.close(report)
    sent = os.read(told, 20)  # empty when it was killed
    os.close(told)
    _pid, status = os.waitpid(pid, 0)
    if status and status != signal.SIGKILL:
        raise SystemExit(f"{phase} failed without being killed")
    return int(sent) if sent else None


class Bystander:
    """Looks at the books with a transaction of its own, each time anew."""

    def __enter__(self):
        self.cr = sql_db.db_connect(DATABASE).cursor()
        self.wait_for_the_dead()
        return api.Environment(self.cr, SUPERUSER_ID, {})

    def __exit__(self, *exception):
        if exception[0] is None:
            self.cr.commit()
        self.cr.close()

    def wait_for_the_dead(self):
        """Wait until the server has noticed that its client is gone and rolled back."""
        for _attempt in range(1000):
            self.cr.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND state <> 'idle'"
                " AND backend_type = 'client backend'"
            )
            if not self.cr.fetchone()[0]:
                break
            self.cr.rollback()
            time.sleep(0.01)
        self.cr.rollback()


def look_at_bank(env, phase):
    """Check that what the bank collected is booked and receipted at most once, at any moment."""
    lines = env["property.bank.collection"].search([]).line_ids
    booked = env["account.payment"].search([("partner_id", "in", lines.partner_id.ids)])
    assert booked == lines.payment_id.sorted(), (phase, booked, lines.payment_id)
    done = lines.filtered("payment_id")
    assert len(done.payment_id) == len(done), phase
    for line in done:
        receipt, payment = line.payment_id.receipt_id, line.payment_id
        assert payment.amount == line.amount_paid, (phase, payment.amount, line.amount_paid)
        assert receipt.payment_ids == payment and receipt.state == "issued", phase
        assert abs(sum(receipt.line_ids.mapped("amount")) - payment.amount) < 0.005, phase


def look_at_rerate(env, phase, run):
    """Check that each home has its days billed once, as it was or at the new price."""
    rerate = rerate_of(env, run)
    old = rerate.old_charge_ids
    live = (old | rerate.run_ids.charge_ids).filtered(lambda charge: charge.state == "posted")
    assert live.unit_id == old.unit_id and len(live) == len(old) == UNITS, (phase, live, old)
    assert not live._underivable(), phase
    assert rerate.is_undone == (phase == "back") and not rerate.error_message, phase
    is_old = [
        charge.amount == one.amount for charge, one in zip(by_unit(live), by_unit(old), strict=True)
    ]
    assert set(is_old) == {phase == "back"}, (phase, is_old)


def by_unit(charges):
    return charges.sorted(lambda charge: charge.unit_id.id)


def look(phase, run_id, finished):
    """Check what must hold at any moment, and what must hold once a step is done."""
    with Bystander() as env:
        broken = invariants.broken(env)
        assert not broken, (phase, broken)
        run = env["property.billing.run"].browse(run_id)
        takings = env["property.collection"].search([("state", "=", "done")])
        for taking in takings:
            paid = sum(taking.payment_ids.mapped("amount"))
            assert abs(paid - taking.amount) < 0.005, (phase, taking.id)
            assert taking.receipt_ids, (phase, taking.id)
        env.cr.execute(
            "SELECT book_id, count(*), max(number) - min(number) + 1 FROM property_receipt"
            " WHERE book_id IS NOT NULL"
            " GROUP BY book_id HAVING count(*) <> max(number) - min(number) + 1"
        )
        assert not (gaps := env.cr.fetchall()), (phase, gaps)
        look_at_bank(env, phase)
        if not finished:
            return
        charges = run.charge_ids
        states = set(charges.mapped("state"))
        if phase == "compute":
            assert (run.state, len(charges), states) == ("computed", 2 * UNITS, {"draft"}), states
        elif phase == "post":
            assert (run.state, len(charges.move_id), states) == ("posted", 2 * UNITS, {"posted"})
        elif phase == "collect":
            payers = charges.payer_id.sorted("id")[:PAYERS]
            bills = charges.filtered(lambda charge: charge.payer_id in payers).move_id
            assert not sum(bills.mapped("amount_residual")), phase
            tokens = [f"fault-{run.id}-{payer.id}" for payer in payers]
            taken = env["property.collection"].search_count([("token", "in", tokens)])
            assert taken == PAYERS, taken
        elif phase == "portal":
            payers = charges.payer_id.sorted("id")[PAYERS : 2 * PAYERS]
            bills = charges.filtered(lambda charge: charge.payer_id in payers).move_id
            owed = bills | bills.late_fee_move_ids
            assert not any(owed.mapped("amount_residual")), phase
            assert not any(bills._property_late_fees(TODAY).values()), phase
            paid = env["payment.transaction"].search([("reference", "like", f"FAULT-{run.id}-")])
            booked = env["account.payment"].search([("payment_transaction_id", "in", paid.ids)])
            sums = [round(sum(records.mapped("amount")), 2) for records in (paid, booked)]
            assert (len(paid), sums[0]) == (PAYERS, sums[1]), (phase, sums)
        elif phase == "answer":
            batch = env["property.bank.collection"].search([], order="id desc", limit=1)
            results = Counter(batch.line_ids.mapped("result"))
            assert results == {"failed": 1, "part": 1, "success": PAYERS - 2}, results
            assert batch.state == "imported" and not batch.line_ids.payment_id, batch.state
            directions = batch.file_ids.mapped("direction")
            assert directions.count("in") == 1, directions
        elif phase == "book":
            batch = env["property.bank.collection"].search([], order="id desc", limit=1)
            assert batch.state == "done", batch.state
            for line in batch.line_ids:
                bills = line.bill_ids.bill_id
                owed = round(sum((bills | bills.late_fee_move_ids).mapped("amount_residual")), 2)
                asked = sum(line.bill_ids.mapped("amount"))
                left = line.amount - line.amount_paid if line.payment_id else asked
                assert owed == round(left, 2), (phase, line.result, owed, left)
                assert bool(line.payment_id) == (line.result != "failed"), line.result
        elif phase in ("again", "back"):
            look_at_rerate(env, phase, run)
        else:
            assert run.state == "undone", run.state
            assert states <= {"cancelled", "reversed"}, states


def main():
    draw = random.Random(SEED)  # noqa: F821, S311  (moments, no secrets)
    env.cr.commit()  # noqa: F821
    with Bystander() as own:
        site_id = found_world(own)
    usual, moments, month = {}, 0, date(2026, 1, 1)
    cut = dict.fromkeys(PHASES, 0)
    while moments < MOMENTS:  # noqa: F821
        with Bystander() as own:
            run_id = (
                own["property.billing.run"]
                .create(
                    {
                        "site_ids": [(6, 0, [site_id])],
                        "date_from": month,
                        "date_to": month + relativedelta(day=31),
                    }
                )
                .id
            )
        month += relativedelta(months=1)
        for phase in PHASES:
            if phase in usual and moments < MOMENTS:  # noqa: F821
                left = usual[phase]
                for _kill in range(2):
                    sent = run_phase(phase, run_id, draw.randrange(left))
                    look(phase, run_id, finished=False)
                    moments += 1
                    cut[phase] += sent is None
                    left = sent or left  # what was done before is not sent again: aim earlier
            sent = run_phase(phase, run_id)
            usual.setdefault(phase, sent)
            look(phase, run_id, finished=True)
    told = {"moments": moments, "cut": sum(cut.values()), "cuts": cut, "usual": usual}
    print(json.dumps(told))


main()
