"""Ledgers nobody has seen: the same workbook with everything shaken, against the oracle."""

import base64
import random
import tempfile
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
from odoo.tests import TransactionCase, tagged
from odoo.tools import file_path

from . import oracle

FEN = Decimal("0.01")


class Shaker:
    """Changes areas, handovers, owners, spaces, prices, readings and pools of a workbook."""

    def __init__(self, seed, path):
        self.random = random.Random(seed)  # noqa: S311 no secret, but a repeatable test
        self.book = openpyxl.load_workbook(path)

    def rows(self, name):
        """Yield (row number, dict header -> cell) of a sheet."""
        sheet = self.book[name]
        heads = [cell.value for cell in sheet[3]]
        for row in list(sheet.iter_rows(min_row=4)):
            if any(cell.value is not None for cell in row):
                yield row[0].row, dict(zip(heads, row, strict=True))

    def day(self, first=1, last=30):
        """Return a day of September 2026."""
        return datetime(2026, 9, self.random.randint(first, last))

    def shake(self):
        """Change every sheet."""
        for _number, row in self.rows("房屋"):
            if self.random.random() < 0.3:
                row["建筑面积(㎡)"].value = round(self.random.uniform(40, 180), 2)
            if row["交房日期"].value and self.random.random() < 0.05:
                row["交房日期"].value = self.day()
        self._sell()
        for _number, row in self.rows("车位"):
            if self.random.random() < 0.1:
                row["到期日期"].value = self.day()
        self._reprice()
        for _number, row in self.rows("抄表"):
            if row["抄表日期"].value == datetime(2026, 9, 30) and self.random.random() < 0.1:
                row["读数"].value = self.random.randint(9000, 99999)
                row["抄表日期"].value = self.day(20)
        for _number, row in self.rows("公摊"):
            row["金额(元)"].value = round(self.random.uniform(10, 9000), 2)

    def _sell(self):
        people = self.book["业主住户"]
        for number, row in list(self.rows("业主住户")):
            old = row["身份"].value == "业主" and row["入住日期"].value < datetime(2026, 1, 1)
            if not old or row["迁出日期"].value or self.random.random() > 0.08:
                continue
            sold = self.day(2, 29)
            row["迁出日期"].value = sold - timedelta(days=1)
            values = {head: cell.value for head, cell in row.items()}
            values.update(
                {
                    "姓名": f"新主{number}",
                    "入住日期": sold,
                    "迁出日期": None,
                    "手机号": f"1390{number:07d}",
                    "证件号码": None,
                }
            )
            people.append(list(values.values()))

    def _reprice(self):
        for _number, row in list(self.rows("收费标准")):
            if row["编码"].value == "WYF-ZZ" and not row["失效日期"].value:
                row["失效日期"].value = "2026-09-13"
                values = {head: cell.value for head, cell in row.items()}
                values.update({"单价": 3.17, "生效日期": "2026-09-14", "失效日期": None})
                self.book["收费标准"].append(list(values.values()))
            elif row["编码"].value == "CW-DX":
                row["单价"].value = 83.35
            elif row["编码"].value == "SF":
                row["单价"].value = "0-7.5:3.455;7.5-19:4.837;19-:6.1"


@tagged("post_install", "-at_install")
class TestLedgerVariants(TransactionCase):
    def test_a_shaken_ledger_is_billed_as_the_oracle_bills_it(self):
        self.env.company._billing_prepare_accounting()
        shaker = Shaker(4, file_path("property_billing/demo/cuihu_ledger.xlsx"))
        shaker.shake()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "ledger.xlsx"
            shaker.book.save(path)
            ledger = self.env["property.import"].create(
                {
                    "filename": path.name,
                    "file": base64.b64encode(path.read_bytes()),
                    "company_id": self.env.company.id,
                }
            )
            bills = oracle.bill_month(path, 2026, 9)
        ledger.action_check()
        ledger.action_import()
        run = self.env["property.billing.run"].create(
            {
                "site_ids": [(6, 0, ledger.site_id.ids)],
                "date_from": date(2026, 9, 1),
                "date_to": date(2026, 9, 30),
            }
        )
        run.action_compute()
        self.assertGreater(len(bills), 2900)
        self.assertEqual(
            Counter(
                (
                    charge.item_id.code,
                    charge.unit_id.code,
                    charge.payer_id.name,
                    charge.date_from,
                    charge.date_to,
                    Decimal(str(charge.amount)).quantize(FEN),
                )
                for charge in run.charge_ids
            ),
            Counter((*bill[:5], bill[5].quantize(FEN)) for bill in bills),
        )
