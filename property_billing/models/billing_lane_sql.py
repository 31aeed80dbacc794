"""The statements of the set-based lane. Names of tables and columns are ours; values are bound."""

# The columns that what is staged is joined by are analyzed at once, and the charges are fetched one
# by one behind an OFFSET: a plan must not hang on how fresh the statistics of the large tables are,
# nor read every draft of a run for a chunk of it. One row a bill; the pattern says everything that
# a column may depend on besides what is written for each bill: one bill of every pattern is
# compared with the ORM's.
STAGE = """
CREATE TEMP TABLE property_lane_charge ON COMMIT DROP AS
  SELECT charge.*
    FROM unnest(%(charges)s::int[]) AS given (id)
   CROSS JOIN LATERAL (
      SELECT charge.id, run_id, unit_id, site_id, item_id, payer_id, currency_id, tax_id,
             date_from, date_to, bill_date, due_date, is_opening, late_fee_bill_id, amount,
             explanation,
             coalesce(basis ->> 'rate', '') <> ''
                 AND basis ->> 'price_include' = 'false' AS is_on_top
        FROM property_charge charge
       WHERE charge.id = given.id AND charge.state = 'draft' OFFSET 0) charge;
ANALYZE property_lane_charge (id);
CREATE TEMP TABLE property_lane_part ON COMMIT DROP AS
  SELECT chosen.id AS charge_id, part.*
    FROM property_lane_charge chosen
   CROSS JOIN LATERAL (
      SELECT line.name, coalesce(line.amount, 0) AS amount,
             row_number() OVER (ORDER BY line.sequence, line.id) AS place,
             count(*) OVER () AS lines, sum(line.amount) OVER () AS total
        FROM property_charge_line line WHERE line.charge_id = chosen.id) part
   WHERE NOT chosen.is_on_top AND part.lines >= 2 AND part.total = chosen.amount;
ANALYZE property_lane_part (charge_id);
CREATE TEMP TABLE property_lane_line ON COMMIT DROP AS
  WITH texts AS (
      SELECT chosen.id AS charge_id, 1 AS place, chosen.explanation AS name,
             chosen.amount AS total, chosen.tax_id
        FROM property_lane_charge chosen
       WHERE chosen.id NOT IN (SELECT charge_id FROM property_lane_part)
   UNION ALL
      SELECT chosen.id, part.place,
             CASE WHEN part.place = 1 AND position(part.name IN chosen.explanation) > 0
                  THEN left(chosen.explanation, position(part.name IN chosen.explanation)
                            + length(part.name) - 1)
                  ELSE part.name END,
             part.amount, chosen.tax_id
        FROM property_lane_part part JOIN property_lane_charge chosen ON chosen.id = part.charge_id
  )
  SELECT texts.*,
         CASE WHEN tax.rate IS NULL THEN 0
              ELSE round(texts.total * tax.rate / (100 + tax.rate), %(digits)s) END AS tax
    FROM texts
    LEFT JOIN unnest(%(tax_ids)s::int[], %(rates)s::numeric[]) AS tax (id, rate)
           ON tax.id = texts.tax_id;
ANALYZE property_lane_line (charge_id, place);
CREATE TEMP TABLE property_lane_bill ON COMMIT DROP AS
  SELECT charge.id AS charge_id, charge.run_id, charge.unit_id, charge.site_id,
         charge.item_id, charge.payer_id, charge.date_from, charge.date_to, charge.is_opening,
         charge.late_fee_bill_id, charge.amount AS total, sums.tax,
         charge.amount - sums.tax AS untaxed,
         coalesce(charge.bill_date, run.invoice_date, charge.date_to) AS day,
         greatest(coalesce(charge.bill_date, run.invoice_date, charge.date_to), coalesce(
             charge.due_date,
             CASE WHEN charge.bill_date IS NULL THEN run.invoice_date_due END)) AS due,
         coalesce(payer.commercial_partner_id, payer.id) AS commercial_id,
         payer.complete_name AS payer_name,
         unit.code || ' ' || item.code || ' ' || to_char(charge.date_to, 'YYYY-MM') AS ref,
         charge.currency_id IS DISTINCT FROM %(currency)s AS is_foreign,
         charge.tax_id IS NOT NULL AND NOT charge.tax_id = ANY(%(tax_ids)s::int[]) AS is_odd_tax,
         sums.has_text AND coalesce(payer.complete_name, '') <> '' AS has_text,
         charge.amount < 0 AS is_negative, sums.total <> charge.amount AS is_unbalanced,
         concat_ws('|', charge.item_id, item.product_id, coalesce(charge.tax_id, 0),
                   charge.is_opening, sums.shape, sums.tax <> 0, charge.amount = 0,
                   charge.run_id IS NULL, unit.site_id,
                   payer.id = coalesce(payer.commercial_partner_id, payer.id),
                   {traits}) AS pattern
    FROM property_lane_charge charge
    JOIN property_unit unit ON unit.id = charge.unit_id
    JOIN property_charge_item item ON item.id = charge.item_id
    JOIN res_partner payer ON payer.id = charge.payer_id
    JOIN res_partner commercial
      ON commercial.id = coalesce(payer.commercial_partner_id, payer.id)
    LEFT JOIN property_billing_run run ON run.id = charge.run_id
    JOIN (SELECT charge_id, sum(tax) AS tax, sum(total) AS total,
                 bool_and(coalesce(name, '') <> '') AS has_text,
                 string_agg(CASE sign(total) WHEN 1 THEN '+' WHEN 0 THEN '0' ELSE '-' END, ''
                            ORDER BY place) AS shape
            FROM property_lane_line GROUP BY charge_id) sums ON sums.charge_id = charge.id;
ANALYZE property_lane_bill (charge_id, pattern);
"""

NUMBER = """
CREATE TEMP TABLE property_lane_number ON COMMIT DROP AS
  SELECT numbered.*, nextval('account_move_id_seq')::int AS move_id
    FROM unnest(%(charges)s::int[], %(names)s::text[], %(prefixes)s::text[], %(numbers)s::int[])
         AS numbered (charge_id, name, prefix, number);
ANALYZE property_lane_number (charge_id);
CREATE TEMP TABLE property_lane_row ON COMMIT DROP AS
  SELECT nextval('account_move_line_id_seq')::int AS id, joined.*
    FROM (
      SELECT bill.charge_id, template.id AS template_id, template.display_type AS kind,
             line.place, line.name AS text, line.total,
             CASE template.display_type WHEN 'product' THEN line.tax - line.total
                  WHEN 'tax' THEN - bill.tax ELSE bill.total END AS balance
        FROM property_lane_bill bill
        JOIN property_lane_number number ON number.charge_id = bill.charge_id
        JOIN property_lane_pattern pattern ON pattern.pattern = bill.pattern
        JOIN property_lane_template_line template ON template.move_id = pattern.move_id
        LEFT JOIN property_lane_line line
               ON line.charge_id = bill.charge_id AND template.display_type = 'product'
              AND line.place = template.place
    ORDER BY number.number, bill.charge_id, template.sequence, template.place, template.id
    ) joined;
ANALYZE property_lane_row (id, charge_id, template_id);
"""

# What is written for each bill; every other column is the compared one's.
MOVE = {
    "id": "number.move_id",
    "create_date": "now() at time zone 'UTC'",
    "write_date": "now() at time zone 'UTC'",
    "name": "number.name",
    "payment_reference": "number.name",
    "sequence_prefix": "number.prefix",
    "sequence_number": "number.number",
    "made_sequence_gap": "false",
    "ref": "bill.ref",
    "partner_id": "bill.payer_id",
    "partner_shipping_id": "bill.payer_id",
    "commercial_partner_id": "bill.commercial_id",
    "invoice_partner_display_name": "bill.payer_name",
    "date": "bill.day",
    "invoice_date": "bill.day",
    "invoice_date_due": "bill.due",
    "amount_untaxed": "bill.untaxed",
    "amount_untaxed_signed": "bill.untaxed",
    "amount_untaxed_in_currency_signed": "bill.untaxed",
    "amount_tax": "bill.tax",
    "amount_tax_signed": "bill.tax",
    "amount_total": "bill.total",
    "amount_total_signed": "bill.total",
    "amount_total_in_currency_signed": "bill.total",
    "amount_residual": "bill.total",
    "amount_residual_signed": "bill.total",
    "property_charge_id": "bill.charge_id",
    "late_fee_bill_id": "bill.late_fee_bill_id",
    "billing_run_id": "bill.run_id",
    "unit_id": "bill.unit_id",
    "period_from": "bill.date_from",
    "period_to": "bill.date_to",
}
PRODUCT, TERM = "row.kind = 'product'", "row.kind = 'payment_term'"
LINE = {
    "id": "row.id",
    "move_id": "number.move_id",
    "create_date": "now() at time zone 'UTC'",
    "write_date": "now() at time zone 'UTC'",
    "move_name": "number.name",
    "ref": "bill.ref",
    "date": "bill.day",
    "invoice_date": "bill.day",
    "partner_id": "bill.commercial_id",
    "unit_id": "bill.unit_id",
    "period_from": "bill.date_from",
    "period_to": "bill.date_to",
    "name": f"CASE WHEN {PRODUCT} THEN row.text"
    f" WHEN {TERM} THEN bill.ref || ' - ' || number.name ELSE template.name END",
    "balance": "row.balance",
    "amount_currency": "row.balance",
    "debit": "greatest(row.balance, 0)",
    "credit": "greatest(- row.balance, 0)",
    "amount_residual": f"CASE WHEN {TERM} THEN bill.total ELSE template.amount_residual END",
    "amount_residual_currency": f"CASE WHEN {TERM} THEN bill.total"
    " ELSE template.amount_residual_currency END",
    "date_maturity": f"CASE WHEN {TERM} THEN bill.due ELSE template.date_maturity"
    " + (bill.day - template.invoice_date) END",
    "price_unit": f"CASE WHEN {PRODUCT} THEN row.total ELSE template.price_unit END",
    "price_subtotal": f"CASE WHEN {PRODUCT} THEN - row.balance ELSE template.price_subtotal END",
    "price_total": f"CASE WHEN {PRODUCT} THEN row.total ELSE template.price_total END",
    "tax_base_amount": "CASE WHEN row.kind = 'tax' THEN sign(template.tax_base_amount)"
    " * abs(bill.untaxed) ELSE template.tax_base_amount END",
}
INSERT_MOVE = """
INSERT INTO account_move ({columns})
SELECT {values}
  FROM property_lane_number number
  JOIN property_lane_bill bill ON bill.charge_id = number.charge_id
  JOIN property_lane_pattern pattern ON pattern.pattern = bill.pattern
  JOIN property_lane_template_move template ON template.id = pattern.move_id
 ORDER BY number.number
"""
INSERT_LINE = """
INSERT INTO account_move_line ({columns})
SELECT {values}
  FROM property_lane_row row
  JOIN property_lane_number number ON number.charge_id = row.charge_id
  JOIN property_lane_bill bill ON bill.charge_id = row.charge_id
  JOIN property_lane_template_line template ON template.id = row.template_id
 ORDER BY row.id
"""
INSERT_TAX = """
INSERT INTO account_move_line_account_tax_rel (account_move_line_id, account_tax_id)
SELECT row.id, tax.tax_id
  FROM property_lane_row row
  JOIN unnest(%(lines)s::int[], %(taxes)s::int[]) AS tax (line_id, tax_id)
    ON tax.line_id = row.template_id
"""
RANK = """
UPDATE res_partner partner SET customer_rank = counted.bills
  FROM (SELECT person.id, count(*) AS bills
          FROM unnest(%(charges)s::int[]) AS posted (id)
    CROSS JOIN LATERAL (SELECT payer_id FROM property_charge WHERE id = posted.id OFFSET 0) charge
          JOIN res_partner payer ON payer.id = charge.payer_id
    CROSS JOIN LATERAL (SELECT payer.id UNION SELECT payer.commercial_partner_id) person
      GROUP BY person.id) counted
 WHERE partner.id = counted.id AND coalesce(partner.customer_rank, 0) = 0
"""
# the state in an expression: by the index of drafts every chunk would read all that is left
LINK = """
UPDATE property_charge charge
   SET move_id = number.move_id, state = 'posted', write_uid = %(uid)s,
       write_date = now() at time zone 'UTC'
  FROM property_lane_number number
 WHERE charge.id = number.charge_id AND charge.state || '' = 'draft'
"""
CHECK = """
SELECT count(*) FROM property_lane_bill bill
  JOIN property_lane_number number ON number.charge_id = bill.charge_id
  LEFT JOIN (SELECT charge_id, sum(balance) AS balance FROM property_lane_row GROUP BY 1) sums
    ON sums.charge_id = bill.charge_id
 WHERE sums.balance IS DISTINCT FROM 0
"""
DROP = "DROP TABLE IF EXISTS {}".format(
    ", ".join(
        f"pg_temp.property_lane_{name}"
        for name in (
            *("charge", "part", "line", "bill", "number", "row", "pattern"),
            *("template_move", "template_line"),
        )
    )
)
DROP_ROWS = "DROP TABLE IF EXISTS pg_temp.property_lane_number, pg_temp.property_lane_row"
