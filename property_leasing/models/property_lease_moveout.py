from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

STEPS = [
    ("planned", "To inspect"),
    ("inspected", "Inspected"),
    ("offered", "Waits for the tenant"),
    ("agreed", "Agreed"),
    ("disputed", "Disputed"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]
#: What only the steps write.
OWN_FIELDS = frozenset(
    (
        *("step", "statement", "statement_sha256", "offered_at", "billed_at", "charge_ids"),
        *("signed_name", "signed_at", "signed_by_id", "signed_ip", "signature", "dispute"),
        *("payment_ids", "inspected_at", "inspected_by_id"),
    )
)


class PropertyLeaseMoveout(models.Model):
    """A tenant gives his spaces back (退租): inspection, final bills, and the deposit settled."""

    _name = "property.lease.moveout"
    _description = "Move-out"
    _inherit = ["property.approval", "property.evidence"]
    _order = "date desc, id desc"

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    lease_id = fields.Many2one(
        "property.lease",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('signed_date', '!=', False)]",
        tracking=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Tenant",
        compute="_compute_partner_id",
        store=True,
        precompute=True,
        index=True,
    )
    site_id = fields.Many2one(related="lease_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="lease_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    brand = fields.Char(related="lease_id.brand")
    date = fields.Date(
        string="Last Day",
        required=True,
        tracking=True,
        compute="_compute_date",
        store=True,
        readonly=False,
        precompute=True,
        help="Last day of the tenant, on which the spaces are given back.",
    )
    notice_id = fields.Many2one("property.lease.notice", ondelete="restrict", readonly=True)
    inspector_id = fields.Many2one("res.users", tracking=True, help="Who inspects the spaces.")
    step = fields.Selection(
        STEPS,
        required=True,
        default="planned",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    check_ids = fields.One2many("property.lease.moveout.check", "moveout_id", string="Checklist")
    reading_ids = fields.One2many(
        "property.lease.moveout.reading", "moveout_id", string="Final Readings"
    )
    deduction_ids = fields.One2many(
        "property.lease.moveout.deduction", "moveout_id", string="Deductions"
    )
    inspected_at = fields.Datetime(readonly=True, copy=False)
    inspected_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    billed_at = fields.Datetime(string="Final Bills Made", readonly=True, copy=False)
    charge_ids = fields.Many2many(
        "property.charge", string="Final Bills", readonly=True, copy=False
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Refund from",
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', '=', company_id)]",
        tracking=True,
    )
    statement = fields.Json(
        string="Offered", readonly=True, copy=False, help="As it was offered to the tenant."
    )
    statement_sha256 = fields.Char(
        string="Fingerprint", readonly=True, copy=False, help="Of the statement that was signed."
    )
    statement_html = fields.Html(compute="_compute_statement_html", string="Statement")
    amount_refund = fields.Monetary(compute="_compute_statement_html", string="To refund")
    amount_due = fields.Monetary(compute="_compute_statement_html", string="Still due")
    offered_at = fields.Datetime(readonly=True, copy=False)
    signed_name = fields.Char(readonly=True, copy=False, tracking=True)
    signed_at = fields.Datetime(readonly=True, copy=False, tracking=True)
    signed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    signed_ip = fields.Char(string="Signed from", readonly=True, copy=False)
    signature = fields.Image(max_width=1024, max_height=512, readonly=True, copy=False)
    dispute = fields.Text(readonly=True, copy=False, tracking=True)
    payment_ids = fields.Many2many("account.payment", string="Refunds", readonly=True, copy=False)

    _one_open = models.UniqueIndex(
        "(lease_id, partner_id) WHERE step <> 'cancelled'",
        "This tenant moves out already. Open that move-out.",
    )

    @api.depends("lease_id")
    def _compute_partner_id(self):
        for moveout in self:
            moveout.partner_id = moveout.partner_id or moveout.lease_id.partner_id

    @api.depends("lease_id")
    def _compute_date(self):
        for moveout in self:
            moveout.date = moveout.date or moveout.lease_id.date_to

    @api.depends("name", "lease_id.name", "lease_id.brand")
    def _compute_display_name(self):
        for moveout in self:
            moveout.display_name = f"{moveout.name} · {moveout.lease_id.display_name or ''}"

    def _compute_statement_html(self):
        for moveout in self:
            facts = moveout.statement or moveout._statement()
            moveout.amount_refund = max(facts["total"], 0.0)
            moveout.amount_due = max(-facts["total"], 0.0)
            moveout.statement_html = self.env["ir.qweb"]._render(
                "property_leasing.moveout_statement", {"moveout": moveout, "facts": facts}
            )

    # Writing ----------------------------------------------------------------------------------

    @api.model
    def _method_fields(self):
        """Override: the steps of the move-out."""
        return super()._method_fields() | OWN_FIELDS

    @api.model_create_multi
    def create(self, vals_list):
        """Number the move-outs and prepare their checklists and readings."""
        self._refuse_steps(vals_list)
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                vals["name"] = self.env["ir.sequence"].sudo().next_by_code(self._name) or "/"
        moveouts = super().create(vals_list)
        for moveout in moveouts:
            if not moveout.lease_id.signed_date:
                raise UserError(self.env._("Only the tenant of a signed lease moves out."))
            if not moveout.check_ids:
                moveout.check_ids = [Command.create(vals) for vals in moveout._prepare_checks()]
            if not moveout.reading_ids:
                moveout.reading_ids = [
                    Command.create({"meter_id": meter.id}) for meter in moveout._meters_sudo()
                ]
        return moveouts

    def write(self, vals):
        """Keep what only the steps write, and whose move-out it is."""
        self._refuse_steps([vals])
        if not self.env.su and "partner_id" in vals:
            raise UserError(self.env._("The tenant is that of the lease. Make another move-out."))
        return super().write(vals)

    def _refuse_steps(self, vals_list):
        if not self.env.su and any(OWN_FIELDS & vals.keys() for vals in vals_list):
            raise UserError(
                self.env._("Inspect, offer or close the move-out: its state follows from that.")
            )

    def _prepare_checks(self):
        """Prepare what is looked at in every space."""
        env = self.with_context(lang=self.company_id._billing_lang()).env
        names = [
            env._("Walls and ceilings"),
            env._("Floors"),
            env._("Doors, locks and glass"),
            env._("Lights, sockets and switches"),
            env._("Water, drains and toilets"),
            env._("Air conditioning and ventilation"),
            env._("Fire protection"),
            env._("Signs and fittings are taken down"),
            env._("Cleared and clean"),
            env._("Keys and cards are given back"),
        ]
        return [
            {"unit_id": unit.id, "name": name, "sequence": index}
            for unit in self._held_units()
            for index, name in enumerate(names, start=1)
        ]

    # What belongs to it -----------------------------------------------------------------------

    def _units(self):
        """Return the spaces of the lease and what goes along with them."""
        units = self.lease_id.line_ids.unit_id
        # sudo: spaces without a holder of their own follow the tenant
        return units | units._property_spaces_sudo().sudo(self.env.su)

    def _fees_sudo(self):
        """Return the fees of the spaces that bill by meter or by month, shared costs left out."""
        self.ensure_one()
        # sudo: what there is to bill is told to whoever settles the move-out
        return (
            self.env["property.fee"]
            .sudo()
            .search(
                Domain("unit_id", "in", self._units().ids)
                & Domain("method", "not in", ("allocated", "contract", "one_off"))
                & Domain("item_id.category", "!=", "late_fee")
            )
        )

    def _meters_sudo(self):
        """Return the meters that are read on the last day."""
        units = self._held_units()
        # sudo: whoever inspects the spaces, and what goes along with them, reads their meters
        units_sudo = units.sudo() | units._property_spaces_sudo()
        return (
            self.env["property.meter"]
            .sudo()
            .search([("unit_id", "in", units_sudo.ids)], order="kind, code")
        )

    def _open_bills_sudo(self):
        """Return the tenant's open bills of the spaces, the oldest first."""
        self.ensure_one()
        # sudo: leasing sees what is owed without accounting rights
        return (
            self.env["account.move"]
            .sudo()
            .search(
                Domain("unit_id", "in", self._units().ids)
                & Domain("commercial_partner_id", "=", self.partner_id.commercial_partner_id.id)
                & Domain("move_type", "=", "out_invoice")
                & Domain("state", "=", "posted")
                & Domain("amount_residual", ">", 0),
                order="invoice_date_due, id",
            )
        )

    def _credits_sudo(self, model):
        """Return deposits or prepayments of the tenant that are left.

        :param model: ``property.deposit`` or ``property.prepayment``
        """
        self.ensure_one()
        where = self._credit_domain()
        if model == "property.deposit":
            # one that secures another lease of the tenant stays where it is
            where &= Domain("lease_id", "in", (False, self.lease_id.id))
        else:
            # what a campaign gave pays bills of its item, and is never paid out: it lapses
            where &= Domain("campaign_id", "=", False)
        # sudo: leasing sees what is kept without rights on the money
        return self.env[model].sudo().search(where, order="id")

    def _credit_domain(self):
        return (
            Domain("unit_id", "in", self._units().ids)
            & Domain("commercial_partner_id", "=", self.partner_id.commercial_partner_id.id)
            & Domain("amount_left", ">", 0)
        )

    # Views ------------------------------------------------------------------------------------

    def action_view_lease(self):
        """Open the lease."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.lease",
            "res_id": self.lease_id.id,
            "views": [(False, "form")],
        }

    def action_print(self):
        """Print the statement."""
        return self.env.ref("property_leasing.action_report_moveout").report_action(self)
