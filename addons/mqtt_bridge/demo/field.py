"""Devices of an invented estate: what each says at a time. No Odoo and no network in here.

The builder of demo data tells a day of it; scripts/devices.py of the project lets them speak on.
"""

import hashlib
import json
import math
from dataclasses import dataclass

CYCLE = 900  # seconds in which each incident happens once
# part of the cycle in which something is wrong: kind of incident by device
INCIDENTS = {"TH-01": (60, 150), "LF-0201": (240, 330), "SM-0305": (420, 480), "SU-01": (600, 700)}
AWAY = {"PT-01": (700, 820)}  # its battery is empty: the broker tells its will
PAST = 96  # messages that each device has sent before it is let loose
BEGINNING = 1_767_225_600  # 2026-01-01, from which meters count


@dataclass(frozen=True)
class Device:
    """A device."""

    code: str
    name: str
    kind: str
    every: int  # seconds between two messages
    speaker: str = ""  # who sends for it; itself when empty
    is_watched: bool = False
    is_known: bool = True  # one that nobody has registered waits in quarantine
    is_silent: bool = False

    def is_lost(self, number):
        """Say whether a message is lost on the way: one device has a bad line."""
        return self.code == "EM-03" and number % 40 == 33


LIFTS = [("LF-0101", "1号楼1单元客梯"), ("LF-0102", "1号楼2单元客梯"), ("LF-0201", "2号楼客梯")]
LIFTS += [("LF-0301", "3号楼担架梯")]
ENERGY = [("EM-01", "1号楼总电表"), ("EM-02", "2号楼总电表"), ("EM-03", "地库照明电表")]
WATER = [("00260100000011", "1号楼1单元水表"), ("00260100000012", "1号楼2单元水表")]
WATER += [("00260100000021", "2号楼水表"), ("00260100000031", "绿化灌溉水表")]
SMOKE = [("SM-0103", "1号楼3层烟感"), ("SM-0305", "3号楼5层烟感"), ("SM-B101", "地库A区烟感")]
DEVICES = (
    *(Device(code, name, "lift", 6, is_watched=True) for code, name in LIFTS),
    Device("PU-01", "生活水泵1号", "pump", 8, is_watched=True),
    Device("PU-02", "生活水泵2号", "pump", 8, is_watched=True),
    Device("SU-01", "地库集水井", "sump", 15, is_watched=True),
    Device("TH-01", "高压配电房温湿度", "climate", 15, is_watched=True),
    Device("TH-02", "电梯机房温湿度", "climate", 15),
    *(Device(code, name, "energy", 20) for code, name in ENERGY),
    Device("GT-E", "东门入口道闸", "gate", 25),
    Device("GT-W", "西门出口道闸", "gate", 30),
    Device("GT-N", "北门新装道闸", "gate", 60, is_known=False),
    Device("PT-01", "夜班巡更棒", "patrol", 45),
    Device("DTU-01", "水表集中器", "gateway", 30, is_watched=True),
    Device("FIRE-01", "消防主机", "gateway", 30, is_watched=True),
    *(Device(code, name, "water", 60, speaker="DTU-01") for code, name in WATER),
    *(Device(code, name, "smoke", 60, speaker="FIRE-01") for code, name in SMOKE),
    Device("SM-0602", "6号楼2层烟感", "smoke", 60, "FIRE-01", is_watched=True, is_silent=True),
)
SPEAKERS = tuple(device for device in DEVICES if not device.speaker)
PLATES = ("苏A·D8K21", "苏A·3F6P7", "浙B·66Q0M", "沪C·9T1Z5", "苏E·A2216")
POINTS = ("1号楼大堂", "地库配电房", "水泵房", "东门岗", "3号楼天台", "儿童乐园")

WATER_TEMPLATE = """# CJ/T 188 冷水表,集中器透传
[抄表]
lead FE
expect 68
_meter_type u8
address bcd 7 little
_control u8
_length u8
_item hex 2 little
number u8
volume bcd 4 little / 100
unit u8 : 2C=m³
status u16 little : bit0=阀门关闭, bit2=电池欠压
check sum8
expect 16
"""
SMOKE_TEMPLATE = """# 消防主机,GBK 文本
[报警]
as gbk
text 报警,{place},烟雾浓度={level number}%,电量={battery number}%
[巡检]
as gbk
text 正常,{place},烟雾浓度={level number}%,电量={battery number}%
"""


def chance(*parts):
    """Return a number from 0 to 1 that is always the same for the same parts."""
    digest = hashlib.blake2b(repr(parts).encode(), digest_size=6).digest()
    return int.from_bytes(digest, "big") / 2**48


def is_wrong(device, now):
    """Say whether a device has its incident now.

    >>> lift = next(one for one in DEVICES if one.code == "LF-0201")
    >>> is_wrong(lift, CYCLE * 5 + 250), is_wrong(lift, CYCLE * 5)
    (True, False)
    """
    begin, end = INCIDENTS.get(device.code, (0, 0))
    return begin <= now % CYCLE < end


def is_away(device, now):
    """Say whether a device is cut off now."""
    begin, end = AWAY.get(device.code, (0, 0))
    return begin <= now % CYCLE < end


def birth(device, is_here=True):
    """Return what a device says when it comes, and its broker when it goes."""
    state = {"state": "online" if is_here else "offline"}
    return f"iot/{device.code}/state", json.dumps(state).encode()


def speak(device, number, now, wrong=False):
    """Return what a device says.

    :param number: of the message
    :param now: seconds since 1970
    :param wrong: whether its incident happens
    :return: (topic, bytes)

    >>> topic, payload = speak(DEVICES[0], 7, BEGINNING + 60)
    >>> topic, json.loads(payload)["seq"]
    ('iot/LF-0101/data', 7)
    """
    if device.kind == "water":
        return f"dtu/{device.speaker}/up", _water(device, number, now)
    if device.kind == "smoke":
        return f"fire/{device.code}/event", _smoke(device, number, wrong)
    if device.code == "TH-02" and number % 400 == 399:  # its sensor fails at times
        return f"iot/{device.code}/data", b'{"id": "TH-02-%d", "temp": NaN}' % number
    values = WAYS[device.kind](device, number, now, wrong)
    content = {"id": f"{device.code}-{number}", "ts": int(now), "seq": number, **values}
    return f"iot/{device.code}/data", json.dumps(content, ensure_ascii=False).encode()


def _lift(device, number, now, wrong):
    floor = 1 + round(13 * (1 + math.sin(now / 40 + chance(device.code) * 6)) / 2)
    moving = chance(device.code, number, "m") < 0.6 and not wrong
    return {
        "floor": floor,
        "speed": round(1.75 * moving * (0.9 + 0.1 * chance(number)), 2),
        "door": "open" if not moving and not wrong else "closed",
        "people": int(chance(device.code, number) * 6) + (2 if wrong else 0),
        "fault": 41 if wrong else 0,
        "status": "困人" if wrong else "运行" if moving else "待机",
    }


def _pump(device, number, now, wrong):
    use = 0.5 + 0.5 * math.sin((now % 86400) / 86400 * 4 * math.pi)
    return {
        "pressure": round(0.45 - 0.05 * use + 0.01 * chance(device.code, number), 3),
        "freq": round(32 + 14 * use + chance(number), 1),
        "current": round(8 + 6 * use + chance(device.code, number), 1),
        "running": device.code == "PU-01" or use > 0.6,
    }


def _sump(device, number, now, wrong):
    level = 95 + 10 * chance(number) if wrong else 35 + 20 * math.sin(now / 600) + chance(number)
    return {"level": round(level, 1), "pump": level > 60}


def _climate(device, number, now, wrong):
    warm = math.sin(((now % 86400) / 86400 - 0.05) * 2 * math.pi)
    temperature = 47 + 4 * chance(number) if wrong else 26 + 4 * warm + chance(device.code, number)
    return {"temp": round(temperature, 1), "hum": round(55 - 10 * warm + chance(number), 1)}


def _energy(device, number, now, wrong):
    day = 1 + 0.6 * math.sin(((now % 86400) / 86400 + 0.1) * 2 * math.pi)
    base = 20 + 60 * chance(device.code)
    return {
        "energy": round(base * (now - BEGINNING) / 3600, 2),
        "power": round(base * day + 3 * chance(device.code, number), 2),
        "voltage": [round(220 + 6 * chance(number, phase), 1) for phase in "abc"],
    }


def _gate(device, number, now, wrong):
    return {
        "event": "放行" if chance(device.code, number) < 0.93 else "拒绝",
        "plate": PLATES[int(chance(device.code, number, "p") * len(PLATES))],
        "way": "in" if device.code == "GT-E" else "out",
    }


def _patrol(device, number, now, wrong):
    return {"point": POINTS[number % len(POINTS)], "battery": 100 - number % 80}


def _gateway(device, number, now, wrong):
    return {"rssi": -60 - int(15 * chance(device.code, number)), "uptime": number * device.every}


def _water(device, number, now):
    """Write a frame of CJ/T 188 as a meter does."""
    used = (2 + 8 * chance(device.code)) * (now - BEGINNING) / 3600 / 24
    digits = f"{round((120 + used) * 100) % 10**8:08}"
    body = b"\x68\x10" + bytes.fromhex(device.code)[::-1] + b"\x81\x0a\x90\x1f"
    body += bytes([number % 256]) + bytes.fromhex(digits)[::-1] + b"\x2c"
    body += bytes([4 if device.code.endswith("31") else 0, 0])
    return b"\xfe\xfe\xfe" + body + bytes([sum(body) % 256]) + b"\x16"


def _smoke(device, number, wrong):
    level = 18 + 12 * chance(number) if wrong else 0.5 + chance(device.code, number)
    battery = 100 - number // 200 % 60
    word = "报警" if wrong else "正常"
    return f"{word},{device.name},烟雾浓度={level:.1f}%,电量={battery}%".encode("gb18030")


WAYS = {
    "lift": _lift,
    "pump": _pump,
    "sump": _sump,
    "climate": _climate,
    "energy": _energy,
    "gate": _gate,
    "gateway": _gateway,
    "patrol": _patrol,
}
