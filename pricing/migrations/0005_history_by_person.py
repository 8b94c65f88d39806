"""What a person's history looks for events by, in the tables of history that are younger than records 0006."""

from django.db import migrations

TABLES = (
    "accounts_invitationevent",
    "budgets_budgetstartevent",
    "budgets_chosenrateevent",
    "budgets_clockstepevent",
    "budgets_planningrateevent",
    "budgets_productproposalevent",
    "budgets_startedindexevent",
    "objects_contractevent",
    "pricing_calculatedkindevent",
    "pricing_costpoolevent",
    "pricing_lineoriginevent",
    "pricing_movedcostevent",
    "pricing_poollineevent",
    "pricing_poolproductevent",
    "pricing_poolweightevent",
    "pricing_postevent",
    "pricing_postpartevent",
    "records_importevent",
)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_invitations"),
        ("budgets", "0022_kinds_of_started_indexes"),
        ("objects", "0011_contracts"),
        ("pricing", "0004_line_origins"),
        ("records", "0011_imports"),
    ]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX {table}_by ON {table} ((pgh_context ->> 'by'), pgh_created_at)", f"DROP INDEX {table}_by"
        )
        for table in TABLES
    ]
