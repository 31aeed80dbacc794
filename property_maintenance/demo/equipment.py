"""Build the equipment of the demo with its certificates, gauges, plans and past work."""

import logging
import random
from datetime import datetime, timedelta

from odoo.addons.property_base.models.property_demo_loader import QUIET

from .equipment_catalogue import (
    COMMERCIAL,
    COMMON,
    EXPIRY_DAYS,
    ISSUERS,
    PLANS,
    RESIDENTIAL,
    SUPPLIERS,
)

_logger = logging.getLogger(__name__)

SEED = 20261127
MONTHS = 14


class Demo:
    """The equipment of the demo sites as it grows."""

    def __init__(self, env, sites, now):
        """Take what is there.

        :param sites: property.site without equipment
        :param now: nothing happens after this moment, but what is due
        """
        self.env = env(context={**env.context, **QUIET, "mail_activity_automation_skip": True})
        self.sites = sites.with_env(self.env)
        self.now = now.replace(microsecond=0)
        self.today = (self.now + timedelta(hours=8)).date()
        self.rng = random.Random(SEED)  # noqa: S311  (the same demo every time)
        self.pieces = {}  # id of the equipment: Piece
        self.team = self.ref("property_maintenance.maintenance_team_engineering")
        self.engineers = [
            employee
            for number in ("", "2", "3")
            if (employee := self.ref(f"property_base.demo_employee_engineer{number}"))
        ]

    def ref(self, xmlid):
        """Return a record of this or a module below, None when it is not there."""
        return self.env.ref(xmlid, raise_if_not_found=False)

    def kind(self, name):
        """Return an equipment class."""
        return self.env.ref(f"property_maintenance.equipment_class_{name}")

    def engineer(self):
        """Return one of the engineers."""
        return self.rng.choices(self.engineers, (40, 35, 25)[: len(self.engineers)])[0]

    def build(self):
        """Build everything."""
        self.register()
        self.certify()
        self.equip_gauges()
        self.plan()
        self.env.flush_all()
        _logger.info("demo: %s pieces of equipment", len(self.pieces))

    # Register ---------------------------------------------------------------------------------

    def register(self):
        """Enter the equipment of every site."""
        suppliers = self.suppliers()
        vals_list, pieces = [], []
        for site in self.sites:
            own = RESIDENTIAL if site.kind == "residential" else COMMERCIAL
            for piece in own + COMMON:
                for place in places(site, piece):
                    pieces.append(piece)
                    vals_list.append(self.equipment_vals(site, piece, place, suppliers))
        equipment = self.env["maintenance.equipment"].create(vals_list)
        self.pieces = {one.id: piece for one, piece in zip(equipment, pieces, strict=True)}
        self.equipment = equipment
        self.log_states()

    def suppliers(self):
        """Return the suppliers: brand -> res.partner."""
        partners = self.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in SUPPLIERS.values()]
        )
        return dict(zip(SUPPLIERS, partners, strict=True))

    def equipment_vals(self, site, piece, place, suppliers):
        """Return the values of one piece of equipment."""
        begin = self.today - timedelta(days=int(piece.years * 365) + self.rng.randint(0, 120))
        return {
            "name": piece.name.format(**place).strip(),
            "site_id": site.id,
            "building_id": place.get("building_id"),
            "place": piece.place,
            "class_id": self.kind(piece.kind).id,
            "brand": piece.brand,
            "model": piece.model,
            "serial_no": f"{piece.model}-{begin:%y%m}{self.rng.randint(1000, 9999)}"
            f"{place['n']}{site.id}",
            "partner_id": suppliers[piece.brand].id,
            "maintenance_team_id": self.team and self.team.id,
            "cost": piece.cost,
            "effective_date": begin,
            "warranty_date": begin + timedelta(days=730),
        }

    def log_states(self):
        """Let some equipment fail, stand by and be scrapped, and say since when."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE property_equipment_state_log log SET at = equipment.effective_date
              FROM maintenance_equipment equipment
             WHERE equipment.id = log.equipment_id AND log.equipment_id IN %s
            """,
            [tuple(self.equipment.ids)],
        )
        self.env.invalidate_all()
        logs, states = [], {}
        for kind, state, reason, days in (
            ("pump", "standby", "备用泵,每周切换", 90),
            ("camera", "faulty", "夜间画面全黑,待更换", 3),
            ("sewage_pump", "faulty", "浮球开关失灵", 1),
            ("gate", "scrapped", "已更换为新型道闸", 40),
        ):
            one = self.of_kind(kind)[-1:]
            states.setdefault(state, self.equipment.browse())
            states[state] |= one
            logs.append(self.log_vals(one, "in_use", state, reason, days))
        for one in self.rng.sample(list(self.equipment), 22):
            back = self.rng.randint(20, MONTHS * 30)
            hours = self.rng.choice((3, 5, 8, 20, 30, 52))
            reason = self.rng.choice(("异响停机检修", "控制板故障", "接触器烧毁", "轴承磨损更换"))
            fixed = back - hours / 24
            logs.append(self.log_vals(one, "in_use", "faulty", reason, back))
            logs.append(self.log_vals(one, "faulty", "in_use", "修复并试运行正常", fixed))
        self.env["property.equipment.state.log"].create(logs)
        for state, equipment in states.items():
            equipment.write({"state": state})

    def log_vals(self, one, before, after, reason, days):
        """Return the values of a change of state so many days ago."""
        return {
            "equipment_id": one.id,
            "from_state": before,
            "to_state": after,
            "reason": reason,
            "at": self.now - timedelta(days=days),
            "user_id": (self.engineers[0].user_id if self.engineers else self.env.user).id,
        }

    def of_kind(self, *kinds):
        """Return the equipment of some kinds."""
        return self.equipment.filtered(lambda one: self.pieces[one.id].kind in kinds)

    # Certificates -----------------------------------------------------------------------------

    def certify(self):
        """Give equipment the certificates it needs: the last one and the one before."""
        vals_list, turn = [], 0
        for one in self.equipment.filtered(lambda one: one.state != "scrapped"):
            for kind in one.class_id._needed_certificates():
                days = EXPIRY_DAYS[turn % len(EXPIRY_DAYS)]
                turn += 7
                last = self.today + timedelta(days=days)
                vals_list.append(self.certificate_vals(one, kind, last))
                before = last - timedelta(days=kind.validity_months * 30)
                vals_list.append(self.certificate_vals(one, kind, before))
        self.env["property.equipment.certificate"].create(vals_list)
        self.env["property.equipment.certificate"]._cron_warn()

    def certificate_vals(self, one, kind, last):
        """Return the values of a certificate that is valid until a day."""
        xmlid = kind.get_external_id()[kind.id].rpartition("certificate_kind_")[2]
        issued = last - timedelta(days=kind.validity_months * 30 - self.rng.randint(0, 5))
        return {
            "equipment_id": one.id,
            "kind_id": kind.id,
            "number": f"{one.class_id.code}{issued:%Y%m}-{self.rng.randint(10000, 99999)}",
            "issuer": ISSUERS.get(xmlid, "翠湖市质量技术检测中心"),
            "issued_date": issued,
            "expiry_date": last,
        }

    # Gauges and plans -------------------------------------------------------------------------

    def equip_gauges(self):
        """Give equipment its gauges."""
        self.env["property.equipment.gauge"].create(
            [
                {
                    "equipment_id": one.id,
                    "name": gauge.name,
                    "unit": gauge.unit,
                    "kind": "counter" if gauge.is_counter else "level",
                    "has_low": gauge.low is not None,
                    "limit_low": gauge.low or 0.0,
                    "has_high": gauge.high is not None,
                    "limit_high": gauge.high or 0.0,
                }
                for one in self.equipment
                for gauge in self.pieces[one.id].gauges
            ]
        )

    def plan(self):
        """Make the maintenance plans."""
        vals_list = []
        for one in self.equipment.filtered(lambda one: one.state != "scrapped"):
            for key in self.pieces[one.id].plans:
                vals_list.append(self.plan_vals(one, key))
        self.plans = self.env["property.upkeep.plan"].create(vals_list)

    def plan_vals(self, one, key):
        """Return the values of a plan that began fourteen months ago."""
        name, (every, unit), anchor, hours = PLANS[key]
        begin = self.today - timedelta(days=MONTHS * 30 - self.rng.randint(0, 14))
        vals = {
            "equipment_id": one.id,
            "name": name,
            "anchor": anchor,
            "duration": hours,
            "technician_id": self.engineer().id if self.engineers else False,
            "date_start": begin,
            "lead_days": 3,
            "note": "作业前挂牌上锁,通知受影响的住户;完工后恢复并试运行。",
        }
        if unit == "h":
            gauge = one.gauge_ids.filtered(lambda gauge: gauge.kind == "counter")[:1]
            return {
                **vals,
                "rhythm": "counter",
                "gauge_id": gauge.id,
                "counter_start": every,
                "counter_step": every,
                "lead_count": 20,
            }
        return {**vals, "interval": every, "interval_unit": unit}


def places(site, piece):
    """Return where the pieces of one line of the catalogue stand: values for its name."""
    if piece.each == "site":
        names = [f"{number}#" if piece.count > 1 else "" for number in range(1, piece.count + 1)]
        return [{"n": name} for name in names]
    buildings = site.building_ids.filtered("has_lift") or site.building_ids
    found = []
    for building in buildings:
        base = {"building": building.name, "building_id": building.id}
        if piece.each == "entrance":
            found += [
                {**base, "entrance": number, "n": f"{building.code}{number}"}
                for number in range(1, max(building.entrance_count, 1) + 1)
            ]
        else:
            found += [
                {**base, "number": f"{number}#", "n": f"{building.code}{number}"}
                for number in range(1, piece.count + 1)
            ]
    return found


def local(day, hour, minute=0):
    """Return the naive UTC moment of a local time in Shanghai.

    :param date day: local day
    """
    return datetime(day.year, day.month, day.day, hour, minute) - timedelta(hours=8)
