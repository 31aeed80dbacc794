from odoo import api, models


class PropertyAudit(models.Model):
    _inherit = "property.audit"

    @api.model
    def _get_words(self):
        """Extend `property_base` with what happens to money: bills, books, banks and shifts."""
        return {
            **super()._get_words(),
            "answered": self.env._("Answers of the bank"),
            "asked": self.env._("Asked for by scan"),
            "certificate": self.env._("Certificate issued"),
            "charges": self.env._("Charges"),
            "checked": self.env._("Checked"),
            "closed": self.env._("Shift handed over"),
            "collected": self.env._("Collected"),
            "copies_recovered": self.env._("Copies recovered"),
            "deducted": self.env._("Deducted"),
            "deposit": self.env._("Taken to the bank"),
            "done": self.env._("Done"),
            "exported": self.env._("Lines sent to the bank"),
            "fees": self.env._("Fees"),
            "finding": self.env._("Finding"),
            "handed_over": self.env._("Handed over"),
            "holder": self.env._("Holder"),
            "issue": self.env._("Handed out"),
            "issued": self.env._("Issued"),
            "lapsed": self.env._("Lapsed"),
            "lost": self.env._("Lost"),
            "meter": self.env._("Meter"),
            "opened": self.env._("Opened"),
            "period": self.env._("Period"),
            "price_include": self.env._("VAT included"),
            "prepayments": self.env._("Kept as prepayments"),
            "prepayments_used": self.env._("Paid from prepayments"),
            "received": self.env._("Received"),
            "refunded": self.env._("Paid back"),
            "reprint": self.env._("Printed again"),
            "return": self.env._("Returned to stock"),
            "sha256": self.env._("Fingerprint of the file"),
            "signed": self.env._("Signed off"),
            "to": self.env._("To"),
            "total": self.env._("Total"),
            "transfer": self.env._("Sent to another site"),
            "undone": self.env._("Undone"),
            "value": self.env._("Reading"),
            "void": self.env._("Void"),
            "write_off": self.env._("Written off"),
        }
