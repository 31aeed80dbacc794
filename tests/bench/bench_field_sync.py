"""How long a server takes for 500 queued check-ins with photos of 300 kB, from five phones."""

import contextlib
import json
import tempfile
import threading
import time
from pathlib import Path

from tests.bench import _client

PHONES, EACH, SIZE = 5, 100, 300_000

CODE = """
import base64, hashlib, json, os, uuid
from datetime import datetime, timedelta, timezone
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from odoo import Command, fields

PHONES, EACH, SIZE, FOLDER = __VALUES__
now = fields.Datetime.now()
group = env.ref("inspection_round.group_inspector")
route = env["inspection.route"].create({"name": "Bench", "checkpoint_ids": [
    Command.create({"name": f"Point {p}", "sequence": p}) for p in range(EACH)]})
points = route.checkpoint_ids.sorted("sequence")

def moment():
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")

for phone in range(PHONES):
    login = f"bench.{phone}"
    user = env["res.users"].create({"name": login, "login": login, "password": login,
        "group_ids": [Command.set(group.ids)]})
    employee = env["hr.employee"].create(
        {"name": login, "user_id": user.id, "company_id": user.company_id.id})
    one = env["inspection.round"].create({"route_id": route.id, "planned_at": now,
        "open_at": now - timedelta(hours=1), "deadline_at": now + timedelta(hours=8),
        "employee_ids": [Command.set(employee.ids)]})
    key = ec.generate_private_key(ec.SECP256R1())
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    device = env["field.device"].with_user(user)._enrol(
        employee, str(uuid.uuid4()), base64.b64encode(spki).decode(), "Bench")
    with open(f"{FOLDER}/{phone}.jsonl", "w") as file:
        for point in points:
            photo = b"\\xff\\xd8\\xff\\xe0" + os.urandom(SIZE)
            name, number = hashlib.sha256(photo).hexdigest(), str(uuid.uuid4())
            text = json.dumps({"uuid": number, "at": moment(), "employee": employee.id,
                "round": one.id, "checkpoint": point.id, "code": point.code, "method": "qr",
                "lat": 31.2, "lon": 121.4, "accuracy": 8, "results": [], "files": [name]})
            r, s = decode_dss_signature(key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
            raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
            file.write(json.dumps({"uuid": number, "payload": text, "device": device.uuid,
                "signature": base64.urlsafe_b64encode(raw).decode().rstrip("="),
                "sent_at": moment(), "files": {name: base64.b64encode(photo).decode()}}) + chr(10))
env.cr.commit()
"""

COUNT = """
import json
entries = env["field.entry"].search([])
checkins = env["inspection.checkin"].search([])
breaks = [b for c in entries.company_id for b in env["field.entry"]._check_chain(c)]
print("COUNTED " + json.dumps([len(entries), len(checkins), len(breaks),
    len(entries.filtered(lambda e: e.signature_state == "valid"))]))
"""


def run(runner):
    """Send the queues of some phones, one after the other and at the same time, and again.

    :return: rows; ``count`` is check-ins
    """
    runner.fresh()
    with tempfile.TemporaryDirectory() as folder:
        values = repr((PHONES, EACH, SIZE, folder))
        runner.shell(CODE.replace("__VALUES__", values))
        queues = [
            Path(folder, f"{phone}.jsonl").read_bytes().splitlines() for phone in range(PHONES)
        ]
        with _client.served(runner) as address:
            phones = [
                _client.Browser(address, runner.database, f"bench.{phone}")
                for phone in range(PHONES)
            ]
            half = EACH // 2
            rows = [
                timed("five phones one after the other", phones, [q[:half] for q in queues], False),
                timed("five phones at the same time", phones, [q[half:] for q in queues], True),
                timed("all of it once more: nothing new", phones, queues, True),
            ]
    told = runner.shell(COUNT)
    counted = next(line for line in told.splitlines() if line.startswith("COUNTED "))
    entries, checkins, breaks, valid = json.loads(counted.removeprefix("COUNTED "))
    all_of_it = PHONES * EACH
    if (entries, checkins, breaks, valid) != (all_of_it, all_of_it, 0, all_of_it):
        raise RuntimeError(f"the server kept {counted}")
    rows[-1]["note"] += f"; kept {entries}, chain whole, signatures valid"
    return rows


def timed(what, phones, queues, beside):
    """Send queues.

    :param beside: whether the phones send at the same time
    :return: a row
    """
    spent = []
    threads = [
        threading.Thread(target=send, args=(phone, queue, spent))
        for phone, queue in zip(phones, queues, strict=True)
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
        if not beside:
            thread.join()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    count = sum(len(queue) for queue in queues)
    if len(spent) != count:
        raise RuntimeError(f"{count - len(spent)} check-ins were not taken")
    p95 = sorted(spent)[int(len(spent) * 0.95)]
    return {"what": what, "seconds": seconds, "count": count, "note": f"p95 {p95 * 1000:.0f} ms"}


def send(phone, queue, spent):
    """Send a queue as the app does, and note the seconds of each."""
    with contextlib.suppress(OSError):  # what is missing is counted
        for body in queue:
            began = time.perf_counter()
            phone.post("/field/sync/checkin", body)
            spent.append(time.perf_counter() - began)
