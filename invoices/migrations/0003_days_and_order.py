"""The days of each row lie where anything is kept. A row that lies elsewhere already is left until it is next changed."""

import datetime
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0002_triggers'),
        ('objects', '0009_days_and_order'),
    ]

    operations = [
        AddConstraintNotValid(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('invoice_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='invoice_invoice_on_held'),
        ),
        AddConstraintNotValid(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('due_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='invoice_due_on_held'),
        ),
    ]
