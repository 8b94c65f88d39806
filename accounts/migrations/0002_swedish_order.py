"""Lists in Swedish order, whatever the server knows of countries: see `engine.alphabet`, which a test holds this to."""

from django.db import migrations

SIGNS = "åäöÅÄÖéÉèÈëËüÜáÁàÀæÆøØ"
BASES = "{|}{|}eeeeeeyyaaaa||}}"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(
            f"""
            CREATE FUNCTION swedish_order(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
            RETURN CASE WHEN octet_length($1) = length($1) THEN lower($1 COLLATE "C")
                ELSE translate(lower($1 COLLATE "C"), '{SIGNS}', '{BASES}') END""",
            "DROP FUNCTION swedish_order(text)",
        )
    ]
