"""Triggers: posts, pools and what was made of them are frozen with their budget, and changes are counted."""

from django.db import migrations

from budgets.migrations._sql import freeze
from pricing.migrations import _sql as sql

FROZEN = {
    "pricing_post": sql.OF_BUDGET,
    "pricing_postpart": sql.OF_POST,
    "pricing_costpool": sql.OF_BUDGET,
    "pricing_poolline": sql.OF_POOL,
    "pricing_poolweight": sql.OF_POOL,
    "pricing_poolproduct": sql.OF_POOL,
    "pricing_movedcost": sql.OF_BUDGET,
    "pricing_calculatedkind": sql.OF_BUDGET,
    "pricing_postcost": sql.OF_PART,
    "pricing_poolshare": sql.OF_POOL,
}
COUNTED = {
    "pricing_post": sql.OF_BUDGET,
    "pricing_postpart": sql.OF_POST,
    "pricing_costpool": sql.OF_BUDGET,
    "pricing_poolline": sql.OF_POOL,
    "pricing_poolweight": sql.OF_POOL,
    "pricing_calculatedkind": sql.OF_BUDGET,
    "budgets_chosenrate": sql.OF_BUDGET,
    "budgets_planningrate": "SELECT c.budget_id FROM ({rows}) AS r JOIN budgets_chosenrate AS c ON c.rate_id = r.id",
    "budgets_indexrate": sql.OF_DRAFTS,
}


class Migration(migrations.Migration):
    dependencies = [("pricing", "0001_initial")]
    operations = [
        migrations.RunSQL(statement, migrations.RunSQL.noop)
        for statement in (
            sql.SAME_BUDGET,
            *(freeze(table, budgets) for table, budgets in FROZEN.items()),
            *(sql.count_calculations(table, budgets) for table, budgets in COUNTED.items()),
            sql.START_STATES,
        )
    ]
