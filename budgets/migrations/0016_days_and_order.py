"""The days of each row lie where anything is kept. A row that lies elsewhere already is left until it is next changed."""

import datetime
import django.db.models.functions.comparison
import web.ordering
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('budgets', '0015_own_deadlines'),
        ('objects', '0009_days_and_order'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='allocationkey',
            options={'ordering': ['budget', django.db.models.functions.comparison.Collate(web.ordering.SwedishOrder(models.F('name_sv')), 'C')], 'verbose_name': 'allocation key', 'verbose_name_plural': 'allocation keys'},
        ),
        migrations.AlterModelOptions(
            name='keyweight',
            options={'ordering': ['key', django.db.models.functions.comparison.Collate(web.ordering.SwedishOrder(models.F('customer__name')), 'C')], 'verbose_name': 'weight in a key', 'verbose_name_plural': 'weights in keys'},
        ),
        AddConstraintNotValid(
            model_name='allocationkey',
            constraint=models.CheckConstraint(condition=models.Q(('counted_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='key_counted_on_held'),
        ),
        AddConstraintNotValid(
            model_name='budget',
            constraint=models.CheckConstraint(condition=models.Q(('due_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='budget_due_on_held'),
        ),
        AddConstraintNotValid(
            model_name='budget',
            constraint=models.CheckConstraint(condition=models.Q(('approval_due_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='budget_approval_due_on_held'),
        ),
        AddConstraintNotValid(
            model_name='indexrate',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='index_rate_valid_from_on_held'),
        ),
        AddConstraintNotValid(
            model_name='subbudget',
            constraint=models.CheckConstraint(condition=models.Q(('own_due_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='sub_budget_own_due_on_held'),
        ),
        AddConstraintNotValid(
            model_name='subbudget',
            constraint=models.CheckConstraint(condition=models.Q(('own_approval_due_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='sub_budget_own_approval_due_on_held'),
        ),
    ]
