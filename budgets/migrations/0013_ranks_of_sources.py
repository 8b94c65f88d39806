"""The place of a line's sources in the order of `engine.provenance`, kept beside them by the database itself.

The roll-up takes the weakest source of every group of lines. To look each word up in the order took as long as the sums;
the model does not know these columns, so that nothing copies, tracks or shows them.
"""

from django.db import migrations

RANK = """CASE {column} WHEN 'published' THEN 1 WHEN 'imported' THEN 2 WHEN 'entered' THEN 3 WHEN 'calculated' THEN 4
    WHEN 'derived' THEN 5 WHEN 'copied' THEN 6 WHEN 'assumed' THEN 7 WHEN 'unknown' THEN 8 END"""


class Migration(migrations.Migration):
    dependencies = [("budgets", "0012_sources")]

    operations = [
        migrations.RunSQL(
            f"""
            ALTER TABLE budgets_costline
                ADD COLUMN source_rank smallint GENERATED ALWAYS AS ({RANK.format(column="provenance")}) STORED,
                ADD COLUMN last_source_rank smallint GENERATED ALWAYS AS (greatest(
                    {RANK.format(column="provenance")}, {RANK.format(column="index_provenance")})) STORED""",
            "ALTER TABLE budgets_costline DROP COLUMN source_rank, DROP COLUMN last_source_rank",
        )
    ]
