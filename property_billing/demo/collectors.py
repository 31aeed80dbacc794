"""Say who took the payments of the demo: people at the counter; nobody took those by phone."""

from .behaviour import COUNTER


def assign_collectors(env, sites):
    """Give each demo payment its collector.

    :param sites: the demo sites
    """
    env = env(context={**env.context, "tracking_disable": True})
    users = [
        user
        for role in ("cashier", "finance")
        if (user := env.ref(f"property_base.demo_user_{role}", raise_if_not_found=False))
    ]
    payments = env["account.payment"].search([("site_id", "in", sites.ids)], order="date, id")
    by_hand = payments.filtered(lambda payment: (payment.memo or "").startswith(COUNTER))
    (payments - by_hand).write({"collector_id": False})
    for index, user in enumerate(users):
        # the cashier takes most of it, finance the rest
        share = by_hand.filtered(lambda one, index=index: (one.id % 5 == 0) == (index == 1))
        share.write({"collector_id": user.id})
