"""How long a copy of the database and a start of Odoo take."""


def run(runner):
    """Measure what every test run waits for.

    :return: rows
    """
    return [
        runner.timed("copy the template database", runner.fresh),
        runner.timed("start Odoo's shell and load the registry", lambda: runner.shell("env.user")),
    ]
