"""SQL of the triggers that keep invoices final, their sums true and their numbers without gaps."""

# Nobody changes what was sent: one function for runs, invoices and lines.
KEEP_FINAL = """
CREATE FUNCTION refuse_change_of_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Invoices are final: nothing in % can be changed or deleted; make a credit note instead.', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'invoices_are_final';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER keep_final BEFORE UPDATE OR DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_invoice();"""
    for table in ("invoices_billingrun", "invoices_invoice", "invoices_invoiceline")
)

# FOR SHARE, as where budgets are frozen.
ADOPTED_ONLY = """
CREATE FUNCTION check_run_of_adopted_budget() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM budgets_budget WHERE id = NEW.budget_id AND status = 'adopted' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Invoices can only be made from an adopted budget.'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'invoices_of_adopted_budget';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER adopted_only BEFORE INSERT ON invoices_billingrun
    FOR EACH ROW EXECUTE FUNCTION check_run_of_adopted_budget();
"""

# Checked at the end of the transaction, when an invoice has its lines. round() of numeric rounds half away from zero, as
# money.round_ore does.
TRUE_SUMS = """
CREATE FUNCTION check_sums_of_invoice(checked bigint) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wrong text;
BEGIN
    SELECT i.number INTO wrong FROM invoices_invoice AS i
    LEFT JOIN LATERAL (
        SELECT sum(r.net) AS net, sum(round(r.net * r.vat_percent / 100)) AS vat
        FROM (SELECT vat_percent, sum(net_ore) AS net FROM invoices_invoiceline WHERE invoice_id = i.id GROUP BY 1) AS r
    ) AS s ON true
    WHERE i.id = checked AND (i.net_ore, i.vat_ore) IS DISTINCT FROM (s.net, s.vat);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'The sums of invoice % are not those of its lines.', wrong
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'invoice_is_sum_of_lines';
    END IF;
END $$;
CREATE FUNCTION check_sums_of_new_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM check_sums_of_invoice(NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION check_sums_of_new_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM check_sums_of_invoice(NEW.invoice_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER true_sums AFTER INSERT ON invoices_invoice DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION check_sums_of_new_invoice();
CREATE CONSTRAINT TRIGGER true_sums AFTER INSERT ON invoices_invoiceline DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION check_sums_of_new_line();
"""

# A year's numbers are 1, 2, 3 ...: unique, so without gaps when the last is how many there are.
NO_GAPS = """
CREATE FUNCTION check_invoice_numbers() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    broken text;
BEGIN
    SELECT left(number, 4) INTO broken FROM invoices_invoice
    WHERE left(number, 4) IN (SELECT left(number, 4) FROM new_rows)
    GROUP BY 1 HAVING max(substr(number, 6)::bigint) <> count(*) LIMIT 1;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'The invoice numbers of % must run without gaps.', broken
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'invoice_numbers_run_without_gaps';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER no_gaps AFTER INSERT ON invoices_invoice REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION check_invoice_numbers();
"""
