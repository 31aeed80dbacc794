"""Car parks of the demo sites."""


def build(env, sites, today):
    """Build nothing yet."""
