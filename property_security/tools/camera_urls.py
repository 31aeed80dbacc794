"""Addresses of cameras, as the makers write them; a camera may have its own instead."""

from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

#: Live stream, picture, recording. {host} and {channel} are known; {start} and {end} are moments.
PRESETS = {
    "hikvision": (
        "rtsp://{host}:554/Streaming/Channels/{channel}01",
        "http://{host}/ISAPI/Streaming/channels/{channel}01/picture",
        "rtsp://{host}:554/Streaming/tracks/{channel}01?starttime={start}&endtime={end}",
    ),
    "dahua": (
        "rtsp://{host}:554/cam/realmonitor?channel={channel}&subtype=0",
        "http://{host}/cgi-bin/snapshot.cgi?channel={channel}",
        (
            "rtsp://{host}:554/cam/playback?channel={channel}&subtype=0"
            "&starttime={start_local}&endtime={end_local}"
        ),
    ),
    # as recorders count; a camera of its own has channel 0 in the address of the picture
    "uniview": (
        "rtsp://{host}:554/unicast/c{channel}/s0/live",
        "http://{host}/LAPI/V1.0/Channels/{channel}/Media/Video/Streams/0/Snapshot",
        "",
    ),
    "tiandy": ("rtsp://{host}:554/{channel}/1", "", ""),
}
STREAMS = ("rtsp", "rtsps")
WEB = ("http", "https")


def preset(vendor, host, channel):
    """Return the addresses of a maker's cameras.

    :return: dict with rtsp_url, snapshot_url, playback_url; empty where none is known

    >>> preset("dahua", "192.168.1.8", 2)["snapshot_url"]
    'http://192.168.1.8/cgi-bin/snapshot.cgi?channel=2'
    >>> preset("uniview", "192.168.1.8", 3)["snapshot_url"]
    'http://192.168.1.8/LAPI/V1.0/Channels/3/Media/Video/Streams/0/Snapshot'
    >>> preset("other", "192.168.1.8", 1)["rtsp_url"]
    ''
    """
    names = ("rtsp_url", "snapshot_url", "playback_url")
    found = PRESETS.get(vendor, ("", "", ""))
    return {
        name: text.replace("{host}", host).replace("{channel}", str(channel))
        for name, text in zip(names, found, strict=True)
    }


def playback(template, serial, channel, start, end, tz):
    """Write the address of a recording.

    :param str template: with {start}, {end} (UTC), {start_local}, {end_local}, {serial}, {channel}
    :param datetime start: naive UTC
    :param str tz: zone of the camera's clock

    >>> from datetime import datetime
    >>> playback("x?a={start}&b={start_local}&c={channel}", "S1", 2,
    ...     datetime(2026, 1, 1, 0, 0, 5), datetime(2026, 1, 1), "Asia/Shanghai")
    'x?a=20260101T000005Z&b=2026_01_01_08_00_05&c=2'
    """

    def local(moment):
        there = moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(tz))
        return f"{there:%Y_%m_%d_%H_%M_%S}"

    values = {
        "start": f"{start:%Y%m%dT%H%M%SZ}",
        "end": f"{end:%Y%m%dT%H%M%SZ}",
        "start_local": local(start),
        "end_local": local(end),
        "serial": serial,
        "channel": str(channel),
    }
    for name, value in values.items():
        template = template.replace(f"{{{name}}}", value)
    return template


def fault(url, schemes, host=None):
    """Say what is wrong with an address.

    :param schemes: that it may have
    :param host: that it must name, None for any
    :return: "" when it is good, or "scheme", "login" or "host"

    >>> fault("http://10.0.0.1/a", WEB), fault("javascript:alert(1)", WEB)
    ('', 'scheme')
    >>> fault("http://u:p@10.0.0.1/a", WEB), fault("http://10.0.0.1/a", WEB, "10.0.0.2")
    ('login', 'host')
    """
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it judges it
    except ValueError:
        return "scheme"
    if parts.scheme not in schemes or not parts.hostname:
        return "scheme"
    if parts.username or parts.password:
        return "login"
    if host is not None and parts.hostname.lower() != host.strip().lower():
        return "host"
    return ""
