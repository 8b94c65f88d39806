"""What a person's history looks for events by: the author's address that each names, and the moment."""

from django.db import migrations

# All tables of history that there are; one that comes later brings its own.
TABLES = (
    "accounts_userevent",
    "budgets_allocationkeyevent",
    "budgets_budgetevent",
    "budgets_budgetproductevent",
    "budgets_costlineevent",
    "budgets_indexrateevent",
    "budgets_keyweightevent",
    "budgets_publishedfigureevent",
    "budgets_subbudgetevent",
    "budgets_workflowstepevent",
    "forecasts_reconciliationreasonevent",
    "investments_assetclassevent",
    "investments_borrowingframeworkevent",
    "investments_councildecisionevent",
    "investments_investmentevent",
    "investments_loanevent",
    "investments_loaninstalmentevent",
    "investments_plannedloanevent",
    "investments_plannedrepaymentevent",
    "invoices_billingrunevent",
    "invoices_invoiceevent",
    "invoices_invoicelineevent",
    "objects_apitokenevent",
    "objects_customerevent",
    "objects_decisionconditionevent",
    "objects_decisionevent",
    "objects_developmentitemevent",
    "objects_federationevent",
    "objects_governanceobjectevent",
    "objects_inhabitantsevent",
    "objects_municipalityevent",
    "objects_objectplanevent",
    "objects_productevent",
    "objects_roleassignmentevent",
    "records_commentevent",
    "records_historydisposalevent",
    "records_storedfileevent",
    "records_taskevent",
    "reports_housetextevent",
)


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0005_history_digests"),
        ("accounts", "0001_initial"),
        ("objects", "0005_object_plans"),
        ("budgets", "0009_history_indexes"),
        ("investments", "0003_fewer_indexes"),
        ("forecasts", "0003_fewer_indexes"),
        ("invoices", "0002_triggers"),
        ("reports", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX {table}_by ON {table} ((pgh_context ->> 'by'), pgh_created_at)", f"DROP INDEX {table}_by"
        )
        for table in TABLES
    ]
