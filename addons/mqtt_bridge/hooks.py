"""What Odoo does not clear away by itself."""


def uninstall_hook(env):
    """Drop the tables that no model of Odoo has: the messages are a view to it."""
    env.cr.execute("DROP TABLE IF EXISTS mqtt_inbox, mqtt_seen, mqtt_delivery CASCADE")
