"""The days of each row lie where anything is kept. A row that lies elsewhere already is left until it is next changed."""

import datetime
import django.db.models.functions.comparison
import web.ordering
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('investments', '0006_sources'),
        ('objects', '0009_days_and_order'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='loan',
            options={'ordering': ['debt_on', django.db.models.functions.comparison.Collate(web.ordering.SwedishOrder(models.F('name')), 'C')], 'verbose_name': 'loan', 'verbose_name_plural': 'loans'},
        ),
        AddConstraintNotValid(
            model_name='councildecision',
            constraint=models.CheckConstraint(condition=models.Q(('decided_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='council_decided_on_held'),
        ),
        AddConstraintNotValid(
            model_name='councildecision',
            constraint=models.CheckConstraint(condition=models.Q(('announced_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='council_announced_on_held'),
        ),
        AddConstraintNotValid(
            model_name='councildecision',
            constraint=models.CheckConstraint(condition=models.Q(('appealed_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='council_appealed_on_held'),
        ),
        AddConstraintNotValid(
            model_name='councildecision',
            constraint=models.CheckConstraint(condition=models.Q(('legal_force_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='council_legal_force_on_held'),
        ),
        AddConstraintNotValid(
            model_name='loan',
            constraint=models.CheckConstraint(condition=models.Q(('debt_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='loan_debt_on_held'),
        ),
    ]
