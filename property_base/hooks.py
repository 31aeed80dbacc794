"""Installation hooks: the database features and constraints the models stand on."""

from odoo.tools.sql import make_identifier

REQUIRED_CONSTRAINTS = {
    "property_occupancy": (
        "property_occupancy_owner_exclusive",
        "property_occupancy_tenant_exclusive",
        "property_occupancy_dates_ordered",
    ),
    "property_unit": ("property_unit_code_unique",),
    "property_building": ("property_building_code_unique",),
}


def pre_init_hook(env):
    """Create the extension that lets a range constraint also compare plain columns."""
    env.cr.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")


def post_init_hook(env):
    """Refuse an installation whose database lacks a constraint we rely on."""
    check_constraints(env, REQUIRED_CONSTRAINTS)


def check_constraints(env, required):
    """Raise when a table constraint is missing: Odoo itself only logs such a failure.

    :param dict required: table name -> names of its constraints
    :raise RuntimeError: when a constraint does not exist in the database
    """
    env.flush_all()
    env.cr.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid::regclass::text = ANY(%s)",
        [list(required)],
    )
    existing = {name for (name,) in env.cr.fetchall()}
    missing = [
        name
        for names in required.values()
        for name in names
        if make_identifier(name) not in existing
    ]
    if missing:
        raise RuntimeError(
            f"These database constraints could not be created: {', '.join(missing)}. "
            "Correct the rows that violate them, then install again."
        )
