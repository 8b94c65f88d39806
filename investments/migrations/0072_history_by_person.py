"""What a person's history looks for events by, in the tables of history that are younger than records 0006."""

from django.db import migrations

TABLES = (
    "balancechange",
    "balancestatement",
    "councilpackage",
    "devicebatch",
    "deviceevent",
    "equityfloor",
    "equityfund",
    "equityfundyear",
    "equityinitiative",
    "hardwarestrategy",
    "investmentitem",
    "loanstatement",
    "loanterm",
    "packagecouncil",
    "productclass",
    "purchasestate",
    "recourseagreement",
    "recourseparty",
    "requestedrow",
    "strategyrow",
    "supplementaryrequest",
)


class Migration(migrations.Migration):
    dependencies = [("investments", "0071_history_of_planned_loans")]
    operations = [
        migrations.RunSQL(
            f"CREATE INDEX IF NOT EXISTS investments_{table}event_by ON investments_{table}event "
            "((pgh_context ->> 'by'), pgh_created_at)",
            f"DROP INDEX IF EXISTS investments_{table}event_by",
        )
        for table in TABLES
    ]
