"""The statements of the set-based receipts. Names of tables and columns are ours; values bound."""

from .property_receipt_line import LINE_FIELDS

# One row a line of a receipt: what a payment settled of a bill. Rows are fetched one by one behind
# an OFFSET: whatever PostgreSQL believes about the ledger, it reads no more than these.
STAGE_PART = """
CREATE TEMP TABLE property_receipt_part ON COMMIT DROP AS
  SELECT settled.*, bill.currency_id, bill.charge_item_id AS item_id, bill.unit_id,
         bill.period_from AS date_from, bill.period_to AS date_to, bill.name AS bill_name,
         CASE WHEN bill.late_fee_bill_id IS NULL THEN 'bill' ELSE 'late_fee' END AS kind,
         coalesce(replace(%(late_fee)s, '{item}', nullif(late_item.name, '')),
                  nullif(item.name, ''), nullif(bill.ref, ''), bill.name) AS name,
         nullif(unit.code, '') AS unit_text,
         row_number() OVER (PARTITION BY settled.payment_id
                            ORDER BY coalesce(unit.sort_key, '') COLLATE "C",
                                     coalesce(bill.period_from::text, '') COLLATE "C",
                                     bill.id)::int AS sequence
    FROM (SELECT given.id AS payment_id, owed.move_id AS bill_id,
                 sum(partial.debit_amount_currency) AS amount
            FROM unnest(%(payments)s::int[]) AS given (id)
           CROSS JOIN LATERAL (SELECT move_id FROM account_payment
                                WHERE id = given.id OFFSET 0) payment
           CROSS JOIN LATERAL (SELECT line.id FROM account_move_line line
                                 JOIN account_account account ON account.id = line.account_id
                                WHERE line.move_id = payment.move_id
                                  AND account.account_type = 'asset_receivable' OFFSET 0) credit
           CROSS JOIN LATERAL (SELECT debit_move_id, debit_amount_currency
                                 FROM account_partial_reconcile
                                WHERE credit_move_id = credit.id OFFSET 0) partial
           CROSS JOIN LATERAL (SELECT move_id FROM account_move_line
                                WHERE id = partial.debit_move_id OFFSET 0) owed
        GROUP BY given.id, owed.move_id) settled
   CROSS JOIN LATERAL (SELECT * FROM account_move WHERE id = settled.bill_id OFFSET 0) bill
    LEFT JOIN property_charge_item item ON item.id = bill.charge_item_id
    LEFT JOIN LATERAL (SELECT charge_item_id FROM account_move
                        WHERE id = bill.late_fee_bill_id OFFSET 0) late_on ON true
    LEFT JOIN property_charge_item late_item ON late_item.id = late_on.charge_item_id
    LEFT JOIN property_unit unit ON unit.id = bill.unit_id;
ANALYZE property_receipt_part;
"""

# One row a receipt. An amount in the list of tenders has as many decimals as it is written with.
STAGE_ORDER = """
CREATE TEMP TABLE property_receipt_order ON COMMIT DROP AS
  SELECT payment.id AS payment_id, payment.partner_id AS payer_id, payer.name AS payer_name,
         payment.date, payment.amount, journal.name AS method, sums.lines, sums.tender,
         sums.units_text,
         payment.payment_transaction_id IS NOT NULL AS is_online,
         payment.currency_id IS DISTINCT FROM %(currency)s OR sums.is_foreign AS is_foreign,
         sums.amount IS DISTINCT FROM payment.amount AS is_surplus,
         concat_ws('|', payment.journal_id, least(sums.lines, 2), sums.kinds, sums.is_homeless,
                   sums.is_without_item) AS pattern
    FROM unnest(%(payments)s::int[]) AS given (id)
   CROSS JOIN LATERAL (SELECT * FROM account_payment WHERE id = given.id OFFSET 0) payment
    JOIN unnest(%(journals)s::int[], %(methods)s::text[]) AS journal (id, name)
      ON journal.id = payment.journal_id
    LEFT JOIN res_partner payer ON payer.id = payment.partner_id
    LEFT JOIN (SELECT payment_id, count(*) AS lines, sum(amount) AS amount,
                      round(sum(amount), max(greatest(min_scale(amount), 1)))::text AS tender,
                      bool_or(currency_id IS DISTINCT FROM %(currency)s) AS is_foreign,
                      bool_or(unit_text IS NULL) AS is_homeless,
                      bool_or(item_id IS NULL) AS is_without_item,
                      string_agg(DISTINCT kind, '+') AS kinds,
                      (SELECT coalesce(string_agg(unit_text, '、' ORDER BY first), '')
                         FROM (SELECT unit_text, min(sequence) AS first
                                 FROM property_receipt_part own
                                WHERE own.payment_id = part.payment_id AND unit_text IS NOT NULL
                             GROUP BY unit_text) units) AS units_text
                 FROM property_receipt_part part
             GROUP BY payment_id) sums ON sums.payment_id = payment.id;
ANALYZE property_receipt_order;
"""
INDEX_PART = "CREATE INDEX ON pg_temp.property_receipt_part (payment_id)"

NUMBER = """
CREATE TEMP TABLE property_receipt_number ON COMMIT DROP AS
  SELECT given.payment_id, given.token, given.words, ordered.pattern,
         nextval('property_receipt_id_seq')::int AS receipt_id
    FROM unnest(%(payments)s::int[], %(tokens)s::text[], %(words)s::text[])
         AS given (payment_id, token, words)
    JOIN property_receipt_order ordered ON ordered.payment_id = given.payment_id
ORDER BY given.payment_id;
ANALYZE property_receipt_number;
"""
NOW = "now() at time zone 'UTC'"
STAMPS = {
    "create_uid": "%(uid)s",
    "write_uid": "%(uid)s",
    "create_date": NOW,
    "write_date": NOW,
}
RECEIPT = {
    **STAMPS,
    "id": "number.receipt_id",
    "payer_id": "paid.payer_id",
    "payer_name": "paid.payer_name",
    "date": "paid.date",
    "issued_on": "%(issued_on)s::date",
    "cashier_id": "%(uid)s",
    "units_text": "paid.units_text",
    "tenders": "jsonb_build_array(jsonb_build_object('method', paid.method,"
    " 'amount', paid.tender))",
    "amount_total": "paid.amount",
    "amount_words": "number.words",
    "token": "number.token",
}
LINE = {
    **STAMPS,
    "id": "nextval('property_receipt_line_id_seq')",
    "receipt_id": "number.receipt_id",
    **{name: f"part.{name}" for name in LINE_FIELDS},
}
INSERT_RECEIPT = """
INSERT INTO property_receipt ({columns}) SELECT {values}
  FROM property_receipt_number number
  JOIN property_receipt_order paid ON paid.payment_id = number.payment_id
  JOIN property_receipt_pattern pattern ON pattern.pattern = number.pattern
  JOIN property_receipt_template template ON template.id = pattern.number
 ORDER BY number.receipt_id
"""
INSERT_LINE = """
INSERT INTO property_receipt_line ({columns}) SELECT {values}
  FROM property_receipt_number number
  JOIN property_receipt_part part ON part.payment_id = number.payment_id
  JOIN property_receipt_pattern pattern ON pattern.pattern = number.pattern
  JOIN property_receipt_template_line template ON template.id = pattern.number
 ORDER BY number.receipt_id, part.sequence
"""
INSERT_RELATION = """
INSERT INTO account_payment_property_receipt_rel (account_payment_id, property_receipt_id)
SELECT payment_id, receipt_id FROM property_receipt_number ORDER BY receipt_id
"""
LINK = """
UPDATE account_payment payment
   SET receipt_id = number.receipt_id, write_uid = %(uid)s, write_date = now() at time zone 'UTC'
  FROM property_receipt_number number
 WHERE payment.id = number.payment_id AND payment.receipt_id IS NULL
"""
CHECK = """
SELECT count(*) FROM property_receipt_number number
  JOIN property_receipt receipt ON receipt.id = number.receipt_id
  LEFT JOIN (SELECT receipt_id, sum(amount) AS amount FROM property_receipt_line
              WHERE receipt_id IN (SELECT receipt_id FROM property_receipt_number)
           GROUP BY 1) sums ON sums.receipt_id = receipt.id
 WHERE sums.amount IS DISTINCT FROM receipt.amount_total
"""
TEMPLATE = """
CREATE TEMP TABLE property_receipt_pattern (pattern text, number int) ON COMMIT DROP;
CREATE TEMP TABLE property_receipt_template (LIKE property_receipt) ON COMMIT DROP;
CREATE TEMP TABLE property_receipt_template_line (LIKE property_receipt_line) ON COMMIT DROP
"""
LOAD = """
INSERT INTO property_receipt_template{name}
SELECT made.* FROM unnest(%s::int[], %s::text[]) AS given (number, row)
CROSS JOIN LATERAL jsonb_populate_record(null::{table},
    given.row::jsonb || jsonb_build_object('id', given.number)) made
"""
STAGED = ("order", "part", "number")
TEMPLATES = ("pattern", "template", "template_line")


def drop(*names):
    """Return the statement that drops temporary tables of these names."""
    tables = ", ".join(f"pg_temp.property_receipt_{name}" for name in names)
    return f"DROP TABLE IF EXISTS {tables}"
