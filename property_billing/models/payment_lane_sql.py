"""The statements of the set-based payments. Names of tables and columns are ours; values bound."""

#: Read under lock, so that nobody settles the same bills meanwhile: what each of them owes.
LOCK = """
SELECT bill.id, CASE WHEN bill.state = 'posted' THEN bill.amount_residual ELSE 0 END::text,
       coalesce(bill.invoice_date_due, bill.invoice_date), bill.period_from,
       coalesce(item.sequence, 0), coalesce(item.category = 'late_fee', false)
  FROM account_move bill
  LEFT JOIN property_charge_item item ON item.id = bill.charge_item_id
 WHERE bill.id = ANY(%s) ORDER BY bill.id FOR NO KEY UPDATE OF bill
"""
LOCK_LINE = """
SELECT count(*) FROM (SELECT FROM account_move_line
                       WHERE move_id = ANY(%s) AND display_type = 'payment_term'
                    ORDER BY id FOR NO KEY UPDATE) locked
"""

# One row a part: so much of a payment settles one bill. Bills and lines are fetched one by one
# behind an OFFSET: whatever PostgreSQL believes about the ledger, it reads no more than these.
STAGE_PART = """
CREATE TEMP TABLE property_pay_part ON COMMIT DROP AS
  SELECT given.order_id, given.place, given.amount, bill.id AS bill_id, owed.id AS line_id,
         owed.account_id, owed.date AS day, owed.amount_residual - given.amount AS rest,
         bill.commercial_partner_id AS commercial_id,
         bill.currency_id IS DISTINCT FROM %(currency)s
             OR owed.currency_id IS DISTINCT FROM %(currency)s AS is_foreign,
         bill.company_id <> %(company)s AS is_elsewhere,
         coalesce(bill.invoice_payment_term_id IN (SELECT id FROM account_payment_term
                                                    WHERE early_discount), false) AS is_discounted,
         owed.site_document IS NOT NULL AS is_sites,
         bill.state = 'posted' AND bill.move_type = 'out_invoice'
             AND bill.payment_state = 'not_paid' AND owed.matching_number IS NULL
             AND owed.reconciled IS NOT TRUE AND owed.amount_residual = owed.balance
             AND NOT EXISTS (SELECT 1 FROM account_move__account_payment known
                              WHERE known.invoice_id = bill.id) AS is_untouched,
         given.bill_id = ANY(%(twice)s) AS is_twice
    FROM unnest(%(orders)s::int[], %(bills)s::int[], %(amounts)s::numeric[])
         WITH ORDINALITY AS given (order_id, bill_id, amount, place)
   CROSS JOIN LATERAL (SELECT id, commercial_partner_id, currency_id, company_id, state, move_type,
                              payment_state, invoice_payment_term_id
                         FROM account_move WHERE id = given.bill_id OFFSET 0) bill
   CROSS JOIN LATERAL (SELECT id, account_id, date, amount_residual, balance, currency_id,
                              site_document, matching_number, reconciled
                         FROM account_move_line
                        WHERE move_id = given.bill_id AND display_type = 'payment_term'
                       OFFSET 0) owed;
ANALYZE property_pay_part;
"""

# One row a payment. The pattern says everything that a column may depend on besides what is
# written for each payment: payments of every pattern are compared with the ORM's.
STAGE_ORDER = """
CREATE TEMP TABLE property_pay_order ON COMMIT DROP AS
  SELECT given.*, payer.complete_name AS payer_name, sums.account_id,
         coalesce(payer.commercial_partner_id, payer.id) AS commercial_id,
         sums.is_full, sums.is_foreign, sums.is_discounted, sums.is_elsewhere, sums.is_untouched,
         sums.is_twice, sums.is_too_much,
         payer.id <> coalesce(payer.commercial_partner_id, payer.id)
             OR sums.commercial_id IS DISTINCT FROM payer.id AS is_for_others,
         sums.accounts <> 1 OR sums.parts <> given.parts AS is_split,
         sums.total IS DISTINCT FROM given.amount AS is_surplus,
         concat_ws('|', sums.account_id, coalesce(given.site_id, 0), given.unit_id IS NULL,
                   sums.is_full, least(given.parts, 2), {traits}) AS pattern
    FROM unnest(%(ids)s::int[], %(partners)s::int[], %(units)s::int[], %(sites)s::int[],
                %(totals)s::numeric[], %(memos)s::text[], %(counts)s::int[])
         AS given (order_id, partner_id, unit_id, site_id, amount, memo, parts)
    JOIN res_partner payer ON payer.id = given.partner_id
    JOIN res_partner commercial
      ON commercial.id = coalesce(payer.commercial_partner_id, payer.id)
    JOIN (SELECT order_id, count(*) AS parts, sum(amount) AS total, min(account_id) AS account_id,
                 count(DISTINCT account_id) AS accounts,
                 CASE WHEN count(DISTINCT commercial_id) = 1 THEN min(commercial_id) END
                     AS commercial_id,
                 bool_and(rest = 0) AS is_full, bool_or(is_foreign) AS is_foreign,
                 bool_or(is_elsewhere) AS is_elsewhere, bool_or(is_discounted) AS is_discounted,
                 bool_and(is_untouched) AS is_untouched, bool_or(is_twice) AS is_twice,
                 bool_or(rest < 0 OR amount <= 0) AS is_too_much
            FROM property_pay_part GROUP BY order_id) sums ON sums.order_id = given.order_id;
ANALYZE property_pay_order;
"""

NUMBER = """
CREATE TEMP TABLE property_pay_number ON COMMIT DROP AS
  SELECT numbered.*, bill_order.pattern, bill_order.is_full,
         nextval('account_payment_id_seq')::int AS payment_id,
         nextval('account_move_id_seq')::int AS move_id,
         nextval('account_move_line_id_seq')::int AS money_id,
         nextval('account_move_line_id_seq')::int AS credit_id,
         CASE WHEN bill_order.is_full
              THEN nextval('account_full_reconcile_id_seq')::int END AS full_id
    FROM (SELECT * FROM unnest(%(orders)s::int[], %(names)s::text[], %(prefixes)s::text[],
                 %(numbers)s::int[]) AS given (order_id, name, prefix, number)
        ORDER BY number) numbered
    JOIN property_pay_order bill_order ON bill_order.order_id = numbered.order_id;
ANALYZE property_pay_number;
CREATE TEMP TABLE property_pay_match ON COMMIT DROP AS
  SELECT part.*, nextval('account_partial_reconcile_id_seq')::int AS partial_id
    FROM (SELECT part.* FROM property_pay_part part
            JOIN property_pay_number number ON number.order_id = part.order_id
        ORDER BY number.number, part.place) part;
ANALYZE property_pay_match;
CREATE TEMP TABLE property_pay_matching ON COMMIT DROP AS
  SELECT number.order_id,
         coalesce(number.full_id::text, 'P' || min(part.partial_id)) AS matching_number
    FROM property_pay_number number
    JOIN property_pay_match part ON part.order_id = number.order_id
GROUP BY number.order_id, number.full_id;
ANALYZE property_pay_matching;
"""

FROM = """
  FROM property_pay_number number
  JOIN property_pay_order paid ON paid.order_id = number.order_id
  JOIN property_pay_matching matching ON matching.order_id = number.order_id
  JOIN property_pay_pattern pattern ON pattern.pattern = number.pattern
  JOIN property_pay_template_payment first ON first.id = pattern.number
"""
NOW = "now() at time zone 'UTC'"
STAMPS = {"create_date": NOW, "write_date": NOW}


def money(column):
    """Return what a column of money is: the payment's amount wherever the template has its own.

    >>> money("debit")[:45]
    'CASE template."debit" WHEN first.amount THEN '
    """
    return (
        f'CASE template."{column}" WHEN first.amount THEN paid.amount'
        f' WHEN - first.amount THEN - paid.amount ELSE template."{column}" END'
    )


def words(column):
    """Return what a text is: the number or the memo, wherever the template has its own."""
    return (
        f'CASE template."{column}" WHEN first.name THEN number.name WHEN first.memo THEN paid.memo'
        f' ELSE template."{column}" END'
    )


PAYMENT = {
    **STAMPS,
    "id": "number.payment_id",
    "move_id": "number.move_id",
    "name": "number.name",
    "partner_id": "paid.partner_id",
    "memo": "paid.memo",
    "unit_id": "paid.unit_id",
    "site_id": "paid.site_id",
    "amount": "paid.amount",
    "amount_company_currency_signed": money("amount_company_currency_signed"),
    "payment_reference": words("payment_reference"),
}
MOVE = {
    **STAMPS,
    **{
        name: money(name)
        for name in (
            "amount_untaxed",
            "amount_untaxed_signed",
            "amount_untaxed_in_currency_signed",
            "amount_total",
            "amount_total_signed",
            "amount_total_in_currency_signed",
            "amount_residual",
            "amount_residual_signed",
        )
    },
    "id": "number.move_id",
    "origin_payment_id": "number.payment_id",
    "name": "number.name",
    "payment_reference": words("payment_reference"),
    "sequence_prefix": "number.prefix",
    "sequence_number": "number.number",
    "made_sequence_gap": "false",
    "ref": "paid.memo",
    "partner_id": "paid.partner_id",
    "commercial_partner_id": "paid.commercial_id",
    "partner_shipping_id": "CASE WHEN template.partner_shipping_id IS NOT NULL"
    " THEN paid.partner_id END",
    "invoice_partner_display_name": "paid.payer_name",
    "unit_id": "paid.unit_id",
    "site_id": "paid.site_id",
}
LINE = {
    **STAMPS,
    **{
        name: money(name)
        for name in (
            "debit",
            "credit",
            "balance",
            "amount_currency",
            "amount_residual",
            "amount_residual_currency",
            "price_unit",
            "price_subtotal",
            "price_total",
        )
    },
    "id": "CASE template.place WHEN 1 THEN number.money_id ELSE number.credit_id END",
    "move_id": "number.move_id",
    "payment_id": "number.payment_id",
    "move_name": "number.name",
    "ref": "paid.memo",
    "partner_id": "paid.partner_id",
    "unit_id": "CASE WHEN template.unit_id IS NOT NULL THEN paid.unit_id END",
    "site_id": "CASE WHEN template.site_id IS NOT NULL THEN paid.site_id END",
    "name": "left(template.name, length(template.name) - length(first.memo)) || paid.memo",
    "full_reconcile_id": "CASE template.place WHEN 2 THEN number.full_id END",
    "matching_number": "CASE template.place WHEN 2 THEN matching.matching_number END",
}
PARTIAL = {
    **STAMPS,
    "id": "part.partial_id",
    "debit_move_id": "part.line_id",
    "credit_move_id": "number.credit_id",
    "full_reconcile_id": "number.full_id",
    "amount": "part.amount",
    "debit_amount_currency": "part.amount",
    "credit_amount_currency": "part.amount",
    "max_date": "greatest(part.day, paid_on.date)",
    "bill_line_id": "CASE WHEN part.is_sites THEN part.line_id END",
    "settled_by": "CASE WHEN part.is_sites THEN 'collected' END",
    "settling_payment_id": "CASE WHEN part.is_sites THEN number.payment_id END",
}
# A payment and its entry refer to each other: foreign keys are looked at when a statement ends.
INSERT_PAYMENT = """
WITH payments AS (
  INSERT INTO account_payment ({payment_columns}) SELECT {payment_values} {source}
  JOIN property_pay_template_payment template ON template.id = pattern.number
 ORDER BY number.number RETURNING 1
), entries AS (
  INSERT INTO account_move ({move_columns}) SELECT {move_values} {source}
  JOIN property_pay_template_move template ON template.id = pattern.number
 ORDER BY number.number RETURNING 1
)
SELECT (SELECT count(*) FROM payments), (SELECT count(*) FROM entries)
"""
INSERT_FULL = """
INSERT INTO account_full_reconcile (id, create_uid, write_uid, create_date, write_date)
SELECT full_id, %(uid)s, %(uid)s, now() at time zone 'UTC', now() at time zone 'UTC'
  FROM property_pay_number WHERE full_id IS NOT NULL ORDER BY number
"""
INSERT_LINE = """
INSERT INTO account_move_line ({columns}) SELECT {values} {source}
  JOIN property_pay_template_line template ON template.move_id = pattern.number
 ORDER BY number.number, template.place
"""
INSERT_PARTIAL = """
INSERT INTO account_partial_reconcile ({columns}) SELECT {values} {source}
  JOIN property_pay_template_move paid_on ON paid_on.id = pattern.number
  JOIN property_pay_template_partial template ON template.id = pattern.number
  JOIN property_pay_match part ON part.order_id = number.order_id
 ORDER BY part.partial_id
"""
INSERT_RELATION = """
INSERT INTO account_move__account_payment (invoice_id, payment_id)
SELECT part.bill_id, number.payment_id
  FROM property_pay_match part JOIN property_pay_number number ON number.order_id = part.order_id
"""
SETTLE_LINE = """
UPDATE account_move_line owed
   SET amount_residual = part.rest, amount_residual_currency = part.rest,
       reconciled = part.rest = 0, full_reconcile_id = number.full_id,
       matching_number = matching.matching_number, write_uid = %(uid)s,
       write_date = now() at time zone 'UTC'
  FROM property_pay_match part
  JOIN property_pay_number number ON number.order_id = part.order_id
  JOIN property_pay_matching matching ON matching.order_id = part.order_id
 WHERE owed.id = part.line_id AND owed.amount_residual = part.rest + part.amount
"""
# in the order of the bills: those of one payer lie months apart, in the table and its indexes
SETTLE_BILL = """
UPDATE account_move bill
   SET amount_residual = part.rest, amount_residual_signed = part.rest,
       payment_state = CASE WHEN part.rest = 0 THEN pattern.paid_state ELSE 'partial' END,
       is_manually_modified = pattern.is_modified, write_uid = %(uid)s,
       write_date = now() at time zone 'UTC'
  FROM (SELECT * FROM property_pay_match ORDER BY bill_id) part
  JOIN property_pay_number number ON number.order_id = part.order_id
  JOIN property_pay_pattern pattern ON pattern.pattern = number.pattern
 WHERE bill.id = part.bill_id
"""
CHECK = """
SELECT count(*) FROM property_pay_number number
  LEFT JOIN (SELECT move_id, sum(balance) AS balance, sum(debit) AS debit, count(*) AS lines
               FROM account_move_line
              WHERE move_id IN (SELECT move_id FROM property_pay_number) GROUP BY 1) sums
    ON sums.move_id = number.move_id
  JOIN property_pay_order paid ON paid.order_id = number.order_id
  LEFT JOIN (SELECT order_id, sum(amount) AS amount FROM property_pay_match GROUP BY 1) parts
    ON parts.order_id = number.order_id
 WHERE sums.balance IS DISTINCT FROM 0 OR sums.lines IS DISTINCT FROM 2
    OR sums.debit IS DISTINCT FROM paid.amount OR parts.amount IS DISTINCT FROM paid.amount
"""
TABLES = ("order", "part", "number", "match", "matching")
TEMPLATES = ("pattern", "template_payment", "template_move", "template_line", "template_partial")


def drop(*names):
    """Return the statement that drops temporary tables of these names."""
    tables = ", ".join(f"pg_temp.property_pay_{name}" for name in names)
    return f"DROP TABLE IF EXISTS {tables}"


TEMPLATE = """
CREATE TEMP TABLE property_pay_pattern
    (pattern text, number int, paid_state text, is_modified bool) ON COMMIT DROP;
CREATE TEMP TABLE property_pay_template_payment (LIKE account_payment) ON COMMIT DROP;
CREATE TEMP TABLE property_pay_template_move (LIKE account_move) ON COMMIT DROP;
CREATE TEMP TABLE property_pay_template_line (LIKE account_move_line, place int) ON COMMIT DROP;
CREATE TEMP TABLE property_pay_template_partial (LIKE account_partial_reconcile) ON COMMIT DROP
"""
LOAD = """
INSERT INTO property_pay_template_{name}
SELECT made.* {place} FROM unnest(%s::int[], %s::text[], %s::int[]) AS given (number, row, place)
CROSS JOIN LATERAL jsonb_populate_record(null::{table},
    given.row::jsonb || jsonb_build_object('{key}', given.number)) made
"""
