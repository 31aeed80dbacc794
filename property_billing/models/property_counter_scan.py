from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyCounter(models.AbstractModel):
    """Paying by scan at the counter: a code on the screen, the payer's phone, one taking."""

    _inherit = "property.counter"

    @api.model
    def start(self, site_id=None):
        """Extend with the payment a reloaded screen was waiting for, and notes to read."""
        values = super().start(site_id)
        scans = self.env["property.scan.payment"]
        mine = scans.search([("user_id", "=", self.env.uid), ("state", "=", "waiting")])
        mine._catch_up()
        # one that has just been booked is shown as well: its receipt was never printed
        shown = mine.filtered(lambda one: one.state == "waiting")[:1]
        shown = shown or mine.filtered(lambda one: one.state == "done")[:1]
        notes = scans.search([("user_id", "=", self.env.uid), ("is_note_open", "=", True)])
        return {
            **values,
            "scan": self._scan_values(shown) if shown else False,
            "notes": [{"id": one.id, "text": one.note} for one in notes],
        }

    @api.model
    def _method_values(self, site):
        """Extend: the screen shows which ways to pay are scanned."""
        values = super()._method_values(site)
        methods = self.env["property.tender.method"].browse([one["id"] for one in values])
        for one, method in zip(values, methods, strict=True):
            one["is_scan"] = method.is_scan
        return values

    @api.model
    def _taking_values(self, taking):
        """Extend: what was paid online is refunded by its provider, not undone here."""
        values = super()._taking_values(taking)
        is_online = taking.payment_ids.payment_transaction_id
        return {**values, "can_undo": values["can_undo"] and not is_online}

    @api.model
    def scan_start(self, spec, token):
        """Ask for a payment by scan: nothing is taken until the money arrives.

        :param dict spec: as for `take`
        :param str token: names this taking; sent again, it returns the same code
        :return: dict for the screen, with the code as an image
        """
        self._check_cashier()
        if not isinstance(token, str) or not 16 <= len(token) <= 64:
            raise UserError(self.env._("Open the household again and repeat."))
        # sudo: a token is unguessable; only the asker's own is used
        known_sudo = self.env["property.scan.payment"].sudo().search([("token", "=", token)])
        if known_sudo.user_id == self.env.user and known_sudo.state == "waiting":
            return self._scan_values(known_sudo.sudo(self.env.su))
        if known_sudo:
            raise UserError(self.env._("Open the household again and repeat."))
        head = self._head(spec.get("unit_id"))
        shift = self.env["property.cashier.shift"]._mine(head.site_id)
        if not shift:
            raise UserError(self.env._("Open your shift on this site before you take money."))
        reckoned = self._reckon(spec)
        self._check_due(spec, reckoned)
        scan = self.env["property.scan.payment"]._ask(
            reckoned, token, shift, self._seen(spec, reckoned)
        )
        return self._scan_values(scan)

    @api.model
    def scan_state(self, scan_id):
        """Tell how a payment by scan is going, and book money that has arrived.

        :param int scan_id: property.scan.payment
        :return: dict for the screen; with ``taken`` as from `take` when it became a taking
        """
        self._check_cashier()
        scan = self._scan(scan_id)
        scan._catch_up()
        return self._scan_values(scan)

    @api.model
    def scan_cancel(self, scan_id):
        """Stop asking: the bills are free again. Money that arrived meanwhile is taken instead.

        :param int scan_id: property.scan.payment
        :return: as `scan_state`
        """
        self._check_cashier()
        scan = self._scan(scan_id)
        scan._give_up()
        return self._scan_values(scan)

    @api.model
    def scan_read_note(self, scan_id):
        """Put a note about late money away; it stays on the payment.

        :param int scan_id: property.scan.payment
        """
        self._check_cashier()
        # sudo: reading one's own note changes nothing else
        self._scan(scan_id).sudo().is_note_open = False
        return True

    @api.model
    def _scan(self, scan_id):
        scan = self.env["property.scan.payment"].browse(scan_id if isinstance(scan_id, int) else 0)
        scan = scan.exists()
        if not scan:
            raise UserError(
                self.env._("This payment is no longer there. Open the household again.")
            )
        scan.check_access("read")
        if scan.user_id != self.env.user:
            raise UserError(
                self.env._(
                    "%(cashier)s asked for this payment. Only that cashier finishes it or gives "
                    "it up.",
                    cashier=scan.user_id.name,
                )
            )
        return scan

    @api.model
    def _scan_values(self, scan):
        # sudo: of the transactions only how far they are
        transactions_sudo = scan.sudo().transaction_ids
        last_sudo = transactions_sudo.sorted("id")[-1:]
        until = fields.Datetime.context_timestamp(self, scan.expires_at)
        is_waiting = scan.state == "waiting"
        seconds = (scan.expires_at - fields.Datetime.now()).total_seconds()
        return {
            "id": scan.id,
            "name": scan.name,
            "unit_id": scan.unit_id.id,
            "unit": scan.unit_id.code,
            "method": scan.method_id.name,
            "state": scan.state,
            "step": last_sudo.state or "",
            "message": last_sudo.state_message or "" if last_sudo.state == "error" else "",
            "amount": self._text(scan, scan.amount),
            "seconds": max(int(seconds), 0),
            "until": until.strftime("%H:%M"),
            "qr": scan._qr() if is_waiting else "",
            "note": scan.note or "",
            "taken": self._taken_values(scan.collection_id) if scan.collection_id else False,
        }
