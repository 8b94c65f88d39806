from django.db import migrations

from budgets.migrations import _sql as counting
from investments.migrations import _sql as sql

UNDO = """
DROP TRIGGER repayments_of_loan ON investments_plannedrepayment;
DROP TRIGGER repayments_of_loan ON investments_plannedloan;
DROP TRIGGER instalments_of_loan ON investments_loaninstalment;
DROP TRIGGER instalments_of_loan ON investments_loan;
DROP FUNCTION check_planned_repayment(), check_planned_loan(), check_loan_instalment(), check_loan();
DROP FUNCTION check_repayments_of_planned_loan(bigint), check_instalments_of_loan(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("investments", "0004_appealed"), ("objects", "0007_appealed")]

    operations = [
        migrations.RunSQL(sql.CHECK_PLANNED + sql.CHECK_EXISTING, UNDO),
        # Whose councils a framework waits for follows from the memberships.
        migrations.RunSQL(
            counting.count_forecasts("objects_municipality", counting.DRAFTS), migrations.RunSQL.noop
        ),
    ]
