"""Demo data of metrics and rules: what is measured and watched in the estate of field.py."""

TELEMETRY, WATER, FIRE = "iot/+/data", "dtu/+/up", "fire/+/event"
METRICS = {
    TELEMETRY: (
        ("temp", "温度", "℃"),
        ("hum", "湿度", "%"),
        ("level", "液位", "cm"),
        ("pressure", "水压", "MPa"),
        ("power", "功率", "kW"),
        ("energy", "电量", "kWh"),
        ("floor", "楼层", ""),
        ("fault", "故障码", ""),
    ),
    WATER: (("volume", "累计用水", "m³"),),
    FIRE: (("smoke", "烟雾浓度", "%"), ("battery", "电池", "%")),
}
PATHS = {"smoke": "$.level"}
RULES = (
    {
        "name": "配电房温度过高",
        "topic": TELEMETRY,
        "device_domain": "[('code', '=like', 'TH-%')]",
        "condition": "metrics.temp > 40",
        "clear_condition": "metrics.temp < 35",
        "repeats": 2,
        "severity": "major",
        "message": "温度 {metrics.temp}℃",
    },
    {
        "name": "电梯困人",
        "topic": TELEMETRY,
        "device_domain": "[('code', '=like', 'LF-%')]",
        "condition": "metrics.fault == 41",
        "clear_condition": "metrics.fault == 0",
        "duration": 15,
        "severity": "critical",
        "message": "停在 {metrics.floor} 层，轿厢内 {payload.people} 人",
    },
    {
        "name": "集水井水位过高",
        "topic": TELEMETRY,
        "device_domain": "[('code', '=like', 'SU-%')]",
        "condition": "metrics.level > 90",
        "clear_condition": "metrics.level < 70",
        "severity": "minor",
        "message": "水位 {metrics.level} cm",
    },
    {
        "name": "烟感报警",
        "topic": FIRE,
        "condition": "payload.frame == '报警'",
        "clear_condition": "payload.frame == '巡检'",
        "severity": "critical",
        "message": "烟雾浓度 {metrics.smoke}%",
    },
)
PARENTS = {"DTU-01": "water", "FIRE-01": "smoke"}


def build(env, broker, devices):
    """Build the metrics and rules of a broker.

    :param devices: devices of field.py
    """
    subscriptions = {one.topic: one for one in broker.subscription_ids}
    env["mqtt.metric"].create(
        [
            {
                "subscription_id": subscriptions[topic].id,
                "code": code,
                "name": name,
                "unit": unit,
                "path": PATHS.get(code, f"$.{code}"),
            }
            for topic, metrics in METRICS.items()
            for code, name, unit in metrics
        ]
    )
    env["mqtt.rule"].create(
        [
            {
                "broker_id": broker.id,
                "subscription_id": subscriptions[rule["topic"]].id,
                **{name: value for name, value in rule.items() if name != "topic"},
            }
            for rule in RULES
        ]
    )
    known = {one.code: one for one in env["mqtt.device"].search([("broker_id", "=", broker.id)])}
    for code, kind in PARENTS.items():
        below = [known[one.code].id for one in devices if one.kind == kind]
        known[code].child_ids = below
