"""Lists in Swedish order, whatever the server knows of countries: see `engine.alphabet`, which a test holds this to."""

from django.db import migrations

SIGNS = "åäöÅÄÖéÉèÈêÊëËáÁàÀâÂüÜûÛúÚíÍîÎïÏóÓôÔñÑçÇæÆøØšŠžŽčČłŁ{|}\u00a0"
BASES = "{|}{|}eeeeeeeeaaaaaayyuuuuiiiiiioooonncc||}}sszzccll(!) "


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(
            f"""
            CREATE FUNCTION swedish_order(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
            RETURN translate(lower($1 COLLATE "C"), '{SIGNS}', '{BASES}')""",
            "DROP FUNCTION swedish_order(text)",
        )
    ]
