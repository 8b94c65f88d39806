"""SQL of the triggers that hold the years of a fund for use of equity to the fund, checked at the end of the transaction."""

CHECK_FUNDS = """
CREATE OR REPLACE FUNCTION check_years_of_fund(checked bigint) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM investments_equityfund AS f JOIN investments_equityfundyear AS y ON y.fund_id = f.id
        WHERE f.id = checked GROUP BY f.id
        HAVING sum(y.amount_ore) > f.amount_ore OR min(y.year) < f.first_year OR max(y.year) > f.last_year
    ) OR EXISTS (
        SELECT FROM investments_equityfund AS f JOIN investments_equityinitiative AS i ON i.fund_id = f.id
        WHERE f.id = checked AND i.year NOT BETWEEN f.first_year AND f.last_year
    ) THEN
        RAISE EXCEPTION 'The years of a fund exceed it or lie outside it.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'years_are_of_the_fund';
    END IF;
END $$;
CREATE OR REPLACE FUNCTION check_part_of_fund() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM check_years_of_fund(NEW.fund_id);
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION check_fund() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM check_years_of_fund(NEW.id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER years_of_fund AFTER INSERT OR UPDATE ON investments_equityfundyear
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_part_of_fund();
CREATE CONSTRAINT TRIGGER years_of_fund AFTER INSERT OR UPDATE ON investments_equityinitiative
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_part_of_fund();
CREATE CONSTRAINT TRIGGER years_of_fund AFTER UPDATE OF amount_ore, first_year, last_year ON investments_equityfund
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_fund();
"""
