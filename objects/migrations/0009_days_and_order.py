"""The days of each row lie where anything is kept. A row that lies elsewhere already is left until it is next changed."""

import datetime
import django.db.models.functions.comparison
import web.ordering
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('objects', '0008_sources'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='apitoken',
            options={'ordering': [django.db.models.functions.comparison.Collate(web.ordering.SwedishOrder(models.F('customer__name')), 'C'), '-created_at'], 'verbose_name': 'API token', 'verbose_name_plural': 'API tokens'},
        ),
        migrations.AlterModelOptions(
            name='customer',
            options={'ordering': [django.db.models.functions.comparison.Collate(web.ordering.SwedishOrder(models.F('name')), 'C')], 'verbose_name': 'customer', 'verbose_name_plural': 'customers'},
        ),
        migrations.AlterModelOptions(
            name='decisioncondition',
            options={'ordering': ['decision', django.db.models.functions.comparison.Collate(web.ordering.SwedishOrder(models.F('text')), 'C'), django.db.models.functions.comparison.Collate(web.ordering.SwedishOrder(models.F('municipality__name')), 'C')], 'verbose_name': 'condition of a decision', 'verbose_name_plural': 'conditions of decisions'},
        ),
        migrations.AlterModelOptions(
            name='municipality',
            options={'ordering': [django.db.models.functions.comparison.Collate(web.ordering.SwedishOrder(models.F('name')), 'C')], 'verbose_name': 'municipality', 'verbose_name_plural': 'municipalities'},
        ),
        migrations.AlterModelOptions(
            name='product',
            options={'ordering': [django.db.models.functions.comparison.Collate(web.ordering.SwedishOrder(models.F('name')), 'C')], 'verbose_name': 'product of all years', 'verbose_name_plural': 'products of all years'},
        ),
        migrations.AddField(
            model_name='apitokenuse',
            name='exposed_at',
            field=models.DateTimeField(null=True, verbose_name='Seen in an address'),
        ),
        AddConstraintNotValid(
            model_name='apitoken',
            constraint=models.CheckConstraint(condition=models.Q(('expires_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='token_expires_on_held'),
        ),
        AddConstraintNotValid(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('meeting_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='decision_meeting_on_held'),
        ),
        AddConstraintNotValid(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('announced_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='decision_announced_on_held'),
        ),
        AddConstraintNotValid(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('approved_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='decision_approved_on_held'),
        ),
        AddConstraintNotValid(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('noticed_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='decision_noticed_on_held'),
        ),
        AddConstraintNotValid(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('appealed_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='decision_appealed_on_held'),
        ),
        AddConstraintNotValid(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('legal_force_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='decision_legal_force_on_held'),
        ),
        AddConstraintNotValid(
            model_name='decisioncondition',
            constraint=models.CheckConstraint(condition=models.Q(('met_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='condition_met_on_held'),
        ),
        AddConstraintNotValid(
            model_name='inhabitants',
            constraint=models.CheckConstraint(condition=models.Q(('counted_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='inhabitants_counted_on_held'),
        ),
        AddConstraintNotValid(
            model_name='municipality',
            constraint=models.CheckConstraint(condition=models.Q(('member_from_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='municipality_member_from_on_held'),
        ),
        AddConstraintNotValid(
            model_name='municipality',
            constraint=models.CheckConstraint(condition=models.Q(('member_to_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='municipality_member_to_on_held'),
        ),
        AddConstraintNotValid(
            model_name='product',
            constraint=models.CheckConstraint(condition=models.Q(('ended_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='product_ended_on_held'),
        ),
    ]
