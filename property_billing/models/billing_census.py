"""Which modules have a say in how invoices come to be: the fast lane knows these and no others."""

HOOKS = {"create", "write", "_create", "_write", "_write_multi", "_post", "action_post"}
HOOKS |= {
    "_get_sync_stack",
    "_sync_dynamic_lines",
    "_check_fiscal_lock_dates",
    "_set_next_sequence",
}
# Read and compared bill by bill; whatever else turns up sends every bill through the ORM.
KNOWN = {"odoo", "base", "account", "analytic", "mail", "portal", "property_base"}
KNOWN |= {"property_billing", "account_payment", "l10n_cn"}
MODELS = ("account.move", "account.move.line")


def module_of(function):
    """Name the addon that a method comes from.

    :param function: what a class holds under the name of the method
    :return: the addon's technical name; ``odoo`` for the framework
    """
    name = getattr(function, "__module__", None) or "?"
    parts = name.split(".")
    if parts[:2] == ["odoo", "addons"]:
        return parts[2]
    return "odoo" if parts[0] == "odoo" else name


def take(env, models=MODELS):
    """Count the modules that override how records are created, written, computed or posted.

    :param models: names of the models; entries when left out
    :return: dict module -> sorted names of what it overrides, ``account.move.line._post`` style
    """
    found = {}
    for model in models:
        record = env[model]
        computes = {
            field.compute if isinstance(field.compute, str) else field.compute.__name__
            for field in record._fields.values()
            if field.store and field.compute
        }
        for cls in type(record).__mro__:
            for name in (HOOKS | computes) & vars(cls).keys():
                module = module_of(vars(cls)[name])
                found.setdefault(module, set()).add(f"{model}.{name}")
    env.cr.execute(
        """
        SELECT tgname, tgrelid::regclass::text FROM pg_trigger
         WHERE NOT tgisinternal AND tgrelid = ANY(%s::regclass[])
        """,
        [[*(env[model]._table for model in models), "account_move_line_account_tax_rel"]],
    )
    for trigger, table in env.cr.fetchall():
        found.setdefault("PostgreSQL", set()).add(f"{table}.{trigger}")
    return {module: sorted(names) for module, names in sorted(found.items())}


def unknown(census):
    """Return the modules of a census that the fast lane was never compared with."""
    return sorted(census.keys() - KNOWN)
