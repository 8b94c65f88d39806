"""What the roll-up sums lies in the index of a line's product, in the order in which it is summed.

A sub-budget's lines may lie anywhere in the table: with a million lines, to read a thousand of them was to read a thousand
blocks. The index holds the ranks of sources, which the model does not know, so it stands here.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("budgets", "0013_ranks_of_sources")]

    operations = [
        migrations.RunSQL(
            # Like sum(), but of whole numbers and to one, where that of bigint gives a numeric.
            "CREATE AGGREGATE sum_ore(bigint) (SFUNC = int8pl, STYPE = bigint, COMBINEFUNC = int8pl, PARALLEL = SAFE)",
            "DROP AGGREGATE sum_ore(bigint)",
        ),
        migrations.RunSQL(
            """
            CREATE INDEX cost_line_sums ON budgets_costline (budget_product_id, cost_kind)
                INCLUDE (amount_1_ore, amount_2_ore, amount_3_ore, source_rank, last_source_rank)""",
            "DROP INDEX cost_line_sums",
        ),
        migrations.AlterField(
            model_name="costline",
            name="budget_product",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cost_lines",
                to="budgets.budgetproduct",
                verbose_name="Product",
            ),
        ),
    ]
