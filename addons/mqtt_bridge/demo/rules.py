"""Demo data of rules and alarms: what is watched in the estate of field.py."""


def build(env, broker):
    """Build rules for the devices of a broker; a place for those who know what rules look like."""
