"""Twelve cameras of the demo sites. They show pictures of this addon and use no network."""

from datetime import timedelta

#: Name, what it looks at, the lane that it watches, the number of its picture.
CAMERAS = {
    "residential": (
        ("南门入口抓拍", "南门入口车道", "南门入口", 1),
        ("南门出口抓拍", "南门出口车道", "南门出口", 1),
        ("车库入口", "地下车库坡道", "车库入口", 2),
        ("东侧车棚", "东侧非机动车棚", "", 2),
        ("1栋大堂", "单元大堂", "", 3),
        ("2栋电梯", "2号电梯轿厢", "", 4),
        ("3栋走廊", "高层单元走廊", "", 5),
        ("南侧围墙", "南侧围墙与绿化带", "", 6),
    ),
    "mixed": (
        ("东入口抓拍", "东入口车道", "东入口", 1),
        ("B2车库", "地下车库B2", "B2入口", 2),
        ("A座大堂", "A座大堂", "", 3),
        ("卸货区", "卸货区通道", "卸货入口", 2),
    ),
}
OFFLINE = "南侧围墙"
#: A name that leads nowhere, by RFC 2606.
UNREACHABLE = {
    "vendor": "other",
    "host": "camera.invalid",
    "snapshot_url": "http://camera.invalid/picture",
}


def build(env, site, now):
    """Build the cameras of a site that has none.

    :param now: naive UTC
    """
    kind = "residential" if site.kind == "residential" else "mixed"
    cameras = env["property.camera"]
    if cameras.search_count([("site_id", "=", site.id)]):
        return
    lanes = env["property.parking.lane"].search([("site_id", "=", site.id)])
    for number, (name, place, lane, picture) in enumerate(CAMERAS[kind]):
        is_off = name == OFFLINE
        camera = cameras.create(
            {
                "name": name,
                "sequence": number,
                "site_id": site.id,
                "place": place,
                "channel": picture,
                "vendor": "demo",
                **(UNREACHABLE if is_off else {}),
                "serial": f"DEMO{site.id:02d}{number + 1:04d}",
                "vendor_ref": f"990000{number + 1:014d}",
                "online_state": "offline" if is_off else "online",
                "last_seen_at": now - timedelta(days=2 if is_off else 0),
                "checked_at": now,
                "last_error": is_off and "摄像机无法连接，请检查电源和网络。",
                "playback_url": (
                    "https://video.example.com/playback?device={serial}"
                    "&start={start_local}&end={end_local}"
                ),
            }
        )
        if lane:
            lanes.filtered(lambda one, lane=lane: one.name == lane).camera_id = camera


def take(env, site, now):
    """Give the newest incidents and passages of a site the pictures that were taken then."""
    shots = env["property.camera.snapshot"]
    known = env["property.incident"].search([("site_id", "=", site.id)], limit=12)
    for incident in known.filtered(lambda one: one.camera_id.vendor == "demo"):
        shots |= incident.camera_id._snapshot_for(incident, incident.occurred_at)
    waited = env["property.parking.passage"].search(
        [("site_id", "=", site.id), ("lane_id.camera_id", "!=", False)], limit=6
    )
    for passage in waited:
        shots |= passage.lane_id.camera_id._snapshot_for(passage, passage.counted_at)
    pictures = shots.camera_id._fetch_pictures()
    for shot in shots.filtered(lambda one: isinstance(pictures.get(one.camera_id), bytes)):
        shot._keep(pictures[shot.camera_id], shot.at + timedelta(seconds=4))
