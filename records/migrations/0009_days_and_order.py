"""The days of each row lie where anything is kept. A row that lies elsewhere already is left until it is next changed."""

import datetime
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0008_reasons_for_acts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddConstraintNotValid(
            model_name='historydigest',
            constraint=models.CheckConstraint(condition=models.Q(('day__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='digest_day_held'),
        ),
        AddConstraintNotValid(
            model_name='task',
            constraint=models.CheckConstraint(condition=models.Q(('due_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='task_due_on_held'),
        ),
    ]
