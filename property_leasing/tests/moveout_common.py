"""A tenant of a shop who leaves at the end of September 2026, with a deposit of 9,000."""

from odoo.fields import Command


class MoveoutMixin:
    """What tests of move-outs do; the clock stands on 2026-10-05."""

    @classmethod
    def set_up_moveout(cls):
        """Sign a lease of July to September, take its deposit and bill two months."""
        cls.bank = cls.env["account.journal"].search(
            [("company_id", "=", cls.company.id), ("type", "=", "bank")], limit=1
        )
        cls.lease = cls.sign(
            cls.new_lease(date_to="2026-09-30", term_ids=[(0, 0, {"months": 3, "name": "Deposit"})])
        )
        cls.deposit = cls.take_deposit(cls.lease)
        cls.bill("2026-07-01", "2026-08-31")
        cls.env.invalidate_all()

    @classmethod
    def take_deposit(cls, lease, amount=9000.0):
        """Receive a deposit of a lease."""
        deposit = cls.env["property.deposit"]._receive(
            lease.line_ids.unit_id[:1],
            lease.partner_id,
            amount,
            cls.bank,
            cls.company._lease_deposit_type(),
            date="2026-07-01",
        )
        deposit.sudo().lease_term_id = lease.term_ids[:1]
        return deposit

    @classmethod
    def move_out(cls, lease=None, bad=0.0, **vals):
        """Inspect the spaces, deduct, and make the final bills."""
        moveout = cls.env["property.lease.moveout"].create(
            {"lease_id": (lease or cls.lease).id, **vals}
        )
        moveout.check_ids.result = "ok"
        if bad:
            moveout.check_ids[0].write({"result": "damaged", "note": "Hole in the wall"})
            moveout.deduction_ids = [
                Command.create({"name": "Hole in the wall", "amount": bad, "unit_id": cls.shop.id})
            ]
        moveout.action_inspect()
        moveout.action_bill()
        return moveout

    @classmethod
    def close(cls, moveout, agree=True):
        """Offer, agree, and have a second person approve."""
        if agree:
            moveout.action_offer()
            moveout._sign("Lin of the Cafe")
        moveout.journal_id = cls.bank
        moveout.action_submit()
        checker = cls.env.ref("base.user_admin")
        checker.group_ids |= cls.env.ref("property_base.group_director")
        moveout.with_user(checker).action_approve()
        cls.env.invalidate_all()
        return moveout
