"""The lane cashier's shifts: each day's takings counted and signed off, today's under way."""

from datetime import datetime, time

from odoo.fields import Command

FLOAT = 300.0
#: Hours of opening, handing over and signing off, UTC.
HOURS = (time(0, 5), time(14, 40), time(15, 10))


def hand_over(env, sites, today):
    """Let lane takings be of a shift: signed off on days that are over, the open one today."""
    cashier, finance = (
        env["res.users"].search([("login", "=", login)]) for login in ("cashier", "finance")
    )
    if not cashier or not finance:
        return
    payments = env["property.parking.payment"].search(
        [
            ("site_id", "in", (sites & cashier.property_site_ids).ids),
            ("tender_id", "!=", False),
            ("lane_id", "!=", False),
            ("shift_id", "=", False),
        ]
    )
    for (site, day), taken in payments.grouped(lambda one: (one.site_id, one.date)).items():
        if day < today:
            _signed(env, site, day, taken, cashier, finance)
        else:
            shifts = env["property.cashier.shift"].with_user(cashier)
            shift = shifts.with_context(ir_sequence_date=day.isoformat())._open(site, FLOAT)
            taken.write({"shift_id": shift.id, "user_id": cashier.id})


def _signed(env, site, day, taken, cashier, finance):
    """Count and sign off the shift of a day."""
    opened, closed, signed = (datetime.combine(day, hour) for hour in HOURS)
    sequence = env["ir.sequence"].with_company(site.company_id)
    shift = env["property.cashier.shift"].create(
        {
            "name": sequence.with_context(ir_sequence_date=day.isoformat()).next_by_code(
                "property.cashier.shift"
            ),
            "site_id": site.id,
            "user_id": cashier.id,
            "amount_float": FLOAT,
            "state": "signed",
            "opened_at": opened,
            "closed_at": closed,
            "last_taken_at": closed,
            "signed_by_id": finance.id,
            "signed_at": signed,
            "note": "岗亭收费，现金已清点",
        }
    )
    taken.write({"shift_id": shift.id, "user_id": cashier.id})
    shift.line_ids = [
        Command.create(
            {
                "method_id": figure["method"].id,
                "taking_count": figure["count"],
                "expected": figure["expected"],
                "counted": figure["expected"],
            }
        )
        for figure in shift._figures()
    ]
