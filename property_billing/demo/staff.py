"""Who acts in the demo."""


def staff(env, role):
    """Return the demo user of a role; the superuser where there is none.

    :param role: login, such as "cashier"
    """
    user = env.ref(f"property_base.demo_user_{role}", raise_if_not_found=False)
    return user or env.user


def has_account(person):
    """Say whether a person has the portal, where nobody touches the bills."""
    return bool(person.user_ids.filtered("share"))


def owner_homes(units):
    """Return the units whose owner has an account."""
    return units.filtered(lambda unit: has_account(unit.owner_id))


def owed(env, cashier, unit, day):
    """Return the bills that a unit's owner owes on a day, as the counter shows them."""
    bills = env["property.counter"].with_user(cashier)._open_bills(unit | unit.child_ids)
    payer = unit.owner_id.commercial_partner_id
    return bills.filtered(
        lambda bill: bill.commercial_partner_id == payer and bill.invoice_date <= day
    )
