from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import hmac


class PropertyKnock(models.Model):
    """That somebody asked on a page without login: counted for all workers together.

    A row an event and no counter, so that nobody waits for anybody; those who ask at the very same
    moment may pass beyond a limit. Rows do not say who asked, nor about what.
    """

    _name = "property.knock"
    _description = "Asking on a Public Page"
    _log_access = False
    _rec_name = "digest"

    digest = fields.Char(required=True)
    at = fields.Datetime(required=True, help="By the clock of the database.")

    _of_digest = models.Index("(digest, at)")
    _of_time = models.Index("(at)")

    def init(self):
        """Keep the rows out of the database's log: minutes need not outlive a crash."""
        self.env.cr.execute("ALTER TABLE property_knock SET UNLOGGED")

    @api.model
    def _allows(self, asked):
        """Tell whether one more event is allowed, and count it if so.

        It counts whatever becomes of the request: in a transaction of its own.

        :param asked: list of (tools.limit.Limit, whose event), counted up to the first that is full
        """
        steps, may_go = [], SQL("TRUE")
        for number, (limit, key) in enumerate(asked):
            step = SQL.identifier(f"knock_{number}")
            steps.append(
                SQL(
                    """
                    %s AS (
                        INSERT INTO property_knock (digest, at)
                        SELECT %s, CLOCK_TIMESTAMP() AT TIME ZONE 'UTC'
                         WHERE %s AND (%s) < %s
                     RETURNING id)
                    """,
                    step,
                    self._digest(limit, key),
                    may_go,
                    self._count(limit, key),
                    limit.events,
                )
            )
            may_go = SQL("EXISTS (SELECT FROM %s)", step)
        with self.env.registry.cursor() as cr:
            cr.execute(SQL("WITH %s SELECT %s", SQL(",").join(steps), may_go))
            return cr.fetchone()[0]

    @api.model
    def _is_full(self, limit, key):
        """Tell whether the next event would be refused, without counting one.

        :param limit: tools.limit.Limit
        :param str key: whose event
        """
        with self.env.registry.cursor() as cr:
            cr.execute(self._count(limit, key))
            return cr.fetchone()[0] >= limit.events

    @api.model
    def _count(self, limit, key):
        return SQL(
            """
            SELECT COUNT(*) FROM (
                SELECT FROM property_knock
                 WHERE digest = %s
                   AND at > CLOCK_TIMESTAMP() AT TIME ZONE 'UTC' - %s * INTERVAL '1 second'
                 LIMIT %s
            ) AS latest
            """,
            self._digest(limit, key),
            limit.seconds,
            limit.events,
        )

    @api.model
    def _digest(self, limit, key):
        return hmac(self.env(su=True), "property.knock", f"{limit.name} {key}")

    @api.autovacuum
    def _gc_knocks(self):
        """Forget what no limit counts any more."""
        self.env.cr.execute(
            "DELETE FROM property_knock"
            " WHERE at < CLOCK_TIMESTAMP() AT TIME ZONE 'UTC' - INTERVAL '1 day'"
        )
