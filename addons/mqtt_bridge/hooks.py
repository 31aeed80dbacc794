"""What Odoo does not clear away by itself."""


def uninstall_hook(env):
    """Drop the tables that no model of Odoo has: messages and history are views to them."""
    env.cr.execute(
        "DROP TABLE IF EXISTS mqtt_inbox, mqtt_seen, mqtt_delivery, mqtt_history, mqtt_rule_count"
        " CASCADE"
    )
