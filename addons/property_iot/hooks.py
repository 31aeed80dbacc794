"""What Odoo does not clear away by itself."""

IMPLIED = {
    "property_base.group_engineer": "mqtt_bridge.group_operator",
    "property_base.group_director": "mqtt_bridge.group_manager",
}


def uninstall_hook(env):
    """Take back what stands in other addons: roles, rules, and calls on people's lists."""
    # nothing keeps staff to the devices of their own sites any more
    for role, implied in IMPLIED.items():
        group = env.ref(role, raise_if_not_found=False)
        if group:
            group.implied_ids -= env.ref(implied)
    telegrams = env["property.meter.telegram"].with_context(active_test=False).search([])
    telegrams.rule_id.unlink()
    calls = env["mail.activity"].with_context(active_test=False)
    calls.search([("activity_type_id", "=", env.ref("property_iot.activity_device").id)]).unlink()
