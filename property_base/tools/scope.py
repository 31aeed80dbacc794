"""The one wording of the rule that limits staff to the records of their sites."""


def site_domain(field="site_id"):
    """Return the ``domain_force`` text of a global site rule.

    Staff see records without a site and those of their own sites; directors see all; portal
    users are limited by the rules of their own group instead.

    :param str field: name of the field that holds the site; ``id`` for the site itself
    :return: text for ``ir.rule.domain_force``

    >>> site_domain("id").endswith("('id', 'in', user.property_site_ids.ids)]")
    True
    """
    return (
        "[(1, '=', 1)] if user.share or user.has_group('property_base.group_director') else "
        f"['|', ('{field}', '=', False), ('{field}', 'in', user.property_site_ids.ids)]"
    )


COMPANY_DOMAIN = "[(1, '=', 1)] if user.share else [('company_id', 'in', company_ids + [False])]"
