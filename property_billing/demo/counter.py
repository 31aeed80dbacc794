"""The cash desk of the demo: receipt books, yesterday's shift signed off, today's under way."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from ..tools.cash_count import DENOMINATIONS
from .payments import bank_journal
from .scans import SCANS, pay_by_scan
from .staff import owed, owner_homes, staff

FLOAT = Decimal(500)
#: Ways to pay of yesterday's and today's takings, in turn.
YESTERDAY = ("cash", "wechat", "cash", "pos", "alipay", "cash", "wechat")
TODAY = ("wechat", "cash", "pos", "cash")
#: Labels are not translated yet while the addon is being installed.
NAMES = {
    "cash": "现金",
    "pos": "POS 刷卡",
    "bank": "银行转账",
    "cheque": "支票",
    "wechat": "微信支付",
    "alipay": "支付宝",
    "prepayment": "预存款",
}
#: Hours of opening, handing over and signing off, UTC.
HOURS = (time(0, 31), time(9, 34), time(10, 2))


def open_desk(env, site, today):
    """Hand out a receipt book, work a shift yesterday and begin one today, once a site.

    :param today: takings are of this day and the day before
    """
    shifts = env["property.cashier.shift"]
    cashier, finance = staff(env, "cashier"), staff(env, "finance")
    if cashier == finance or shifts.search_count([("site_id", "=", site.id)], limit=1):
        return
    for method in env["property.tender.method"]._for_site(site):
        method.name = NAMES.get(method.kind, method.name)
    _books(env, site, cashier, finance)
    households = _households(env, site, len(YESTERDAY) + len(TODAY) + SCANS)
    yesterday = today - timedelta(days=1)
    shift = _dated(shifts.with_user(cashier), yesterday)._open(site, float(FLOAT))
    for unit, kind in zip(households, YESTERDAY, strict=False):
        _take(env, cashier, shift, unit, kind, yesterday)
    _hand_over(env, shift, cashier, finance, yesterday)
    shift = _dated(shifts.with_user(cashier), today)._open(site, float(FLOAT))
    shift.sudo().opened_at = datetime.combine(today, HOURS[0])
    for unit, kind in zip(households[len(YESTERDAY) :], TODAY, strict=False):
        _take(env, cashier, shift, unit, kind, today)
    pay_by_scan(env, site, cashier, households[len(YESTERDAY) + len(TODAY) :], today)


def _dated(records, day):
    """Return records whose numbers are given as on a day, whatever the clock says where."""
    return records.with_context(ir_sequence_date=day.isoformat())


def _books(env, site, cashier, finance):
    """Take two books of forms into stock and hand the first to the cashier."""
    books = env["property.receipt.book"].with_user(finance)
    first, _second = books.create(
        [
            {
                "site_id": site.id,
                "company_id": site.company_id.id,
                "prefix": "CH",
                "number_from": start,
                "number_to": start + 99,
                "layout": "form_93",
                "note": "三联收据，存财务室铁柜",
            }
            for start in (1, 101)
        ]
    )
    first._issue_to(cashier, note="收费处领用")


def _households(env, site, count):
    """Return homes that owe something; the portal's demo household keeps its open bills."""
    units = env["property.unit"].search(
        [("site_id", "=", site.id), ("kind", "=", "residence")], order="sort_key"
    )
    owing = (units - owner_homes(units)).filtered(lambda unit: unit.amount_open and unit.owner_id)
    step = max(1, len(owing) // count)
    return owing[::step][:count]


def _take(env, cashier, shift, unit, kind, day):
    """Take what the owner of a household owes, late fees included."""
    bills = owed(env, cashier, unit, day)
    if not bills:
        return
    fees = bills._property_late_fees(day)
    late = {bill: fees[bill.id] for bill in bills if fees.get(bill.id)}
    shares = {bill: Decimal(str(bill.amount_residual)) for bill in bills}
    methods = env["property.tender.method"]._for_site(shift.site_id)
    _dated(env["property.collection"].with_user(cashier), day)._collect(
        list(shares.items()),
        [
            {
                "method": methods.filtered(lambda method: method.kind == kind)[:1],
                "amount": sum((*shares.values(), *late.values())),
                "reference": "" if kind == "cash" else f"{day:%m%d}{unit.id:06d}",
            }
        ],
        date=day,
        shift=shift,
        unit=unit.with_user(cashier),
        late_fees=late,
    )


def _hand_over(env, shift, cashier, finance, day):
    """Count the drawer, take the takings to the bank, close the shift and have it signed off."""
    cash = next(figure for figure in shift._figures() if figure["is_cash"])
    expected = Decimal(str(cash["expected"]))
    counted = expected.quantize(Decimal("0.1"))
    notes, rest = {}, counted
    for value in DENOMINATIONS:
        notes[value], rest = divmod(rest, Decimal(value))
    shift.with_user(cashier)._close(
        {value: int(number) for value, number in notes.items() if number},
        {},
        {cash["method"].id: "分币尾差"} if counted != expected else {},
        "现金已清点，长短款见明细。票据本余号正常。",
    )
    bank = bank_journal(env, shift)
    if counted > FLOAT:
        shift.with_user(cashier)._deposit(
            float(counted - FLOAT), bank, date=day, reference="现金解款单"
        )
    shift.with_user(finance).action_sign_off()
    opened, closed, signed = (datetime.combine(day, hour) for hour in HOURS)
    # sudo: this shift was worked yesterday, the demo says so today
    shift.sudo().write({"opened_at": opened, "closed_at": closed, "signed_at": signed})
