"""What Odoo does not clear away by itself."""

IMPLIED = {
    "property_base.group_engineer": "mqtt_bridge.group_operator",
    "property_base.group_director": "mqtt_bridge.group_manager",
}


def uninstall_hook(env):
    """Take device messages from the roles again: nothing here keeps them to their sites then."""
    for role, implied in IMPLIED.items():
        group = env.ref(role, raise_if_not_found=False)
        if group:
            group.implied_ids -= env.ref(implied)
