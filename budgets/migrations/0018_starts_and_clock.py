"""How a budget was started, and the days that people set in its year."""


import datetime
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('budgets', '0017_calculated_lines'),
    ]

    operations = [
        migrations.CreateModel(
            name='BudgetStart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ended', models.TextField(blank=True, default='', verbose_name='Products that ended')),
                ('keeps_notes', models.BooleanField(default=True, verbose_name='Notes were copied')),
                ('mark', models.TextField(blank=True, default='', verbose_name='Mark')),
                ('budget', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='start', to='budgets.budget', verbose_name='Budget')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='starts', to='budgets.budget', verbose_name='Copied from')),
            ],
            options={
                'verbose_name': 'start of a budget',
                'verbose_name_plural': 'starts of budgets',
            },
        ),
        migrations.CreateModel(
            name='BudgetStartEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('ended', models.TextField(blank=True, default='', verbose_name='Products that ended')),
                ('keeps_notes', models.BooleanField(default=True, verbose_name='Notes were copied')),
                ('mark', models.TextField(blank=True, default='', verbose_name='Mark')),
                ('budget', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='budgets.budget', verbose_name='Budget')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='budgets.budgetstart')),
                ('source', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='budgets.budget', verbose_name='Copied from')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ClockStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
                ('code', models.CharField(blank=True, default='', max_length=30, verbose_name='Step')),
                ('name', models.CharField(blank=True, default='', max_length=120, verbose_name='Name')),
                ('who', models.CharField(blank=True, default='', max_length=80, verbose_name='Who does it')),
                ('on', models.DateField(blank=True, null=True, verbose_name='Day')),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='Done on')),
                ('edited_at', models.DateTimeField(auto_now=True, verbose_name='Edited')),
                ('budget', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clock_steps', to='budgets.budget', verbose_name='Budget')),
            ],
            options={
                'verbose_name': 'step of the year clock',
                'verbose_name_plural': 'steps of the year clock',
                'ordering': ['budget', 'on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ClockStepEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, verbose_name='public id')),
                ('code', models.CharField(blank=True, default='', max_length=30, verbose_name='Step')),
                ('name', models.CharField(blank=True, default='', max_length=120, verbose_name='Name')),
                ('who', models.CharField(blank=True, default='', max_length=80, verbose_name='Who does it')),
                ('on', models.DateField(blank=True, null=True, verbose_name='Day')),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='Done on')),
                ('edited_at', models.DateTimeField(auto_now=True, verbose_name='Edited')),
                ('budget', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='budgets.budget', verbose_name='Budget')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='budgets.clockstep')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StartedIndex',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cost_kind', models.CharField(choices=[('personnel', 'Personnel'), ('staff_time', 'Staff and overhead time'), ('server_operation', 'Server operation'), ('direct_cost', 'Direct cost'), ('depreciation', 'Depreciation'), ('interest', 'Interest'), ('use_of_equity', 'Use of equity')], max_length=20, verbose_name='Cost kind')),
                ('year', models.PositiveSmallIntegerField(verbose_name='Year')),
                ('percent', models.DecimalField(decimal_places=3, max_digits=6, verbose_name='Per cent')),
                ('valid_from_on', models.DateField(blank=True, null=True, verbose_name='Decided from')),
                ('source_text', models.CharField(blank=True, max_length=200, verbose_name='Where it comes from')),
                ('provenance', models.CharField(blank=True, choices=[('entered', 'entered'), ('imported', 'imported'), ('calculated', 'calculated'), ('derived', 'derived'), ('published', 'published'), ('copied', 'copied'), ('assumed', 'assumed')], default='', max_length=10, verbose_name='Source')),
                ('start', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='indexes', to='budgets.budgetstart', verbose_name='start of a budget')),
            ],
            options={
                'verbose_name': 'index of a start',
                'verbose_name_plural': 'indexes of a start',
                'ordering': ['start', 'cost_kind'],
            },
        ),
        migrations.CreateModel(
            name='StartedIndexEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('cost_kind', models.CharField(choices=[('personnel', 'Personnel'), ('staff_time', 'Staff and overhead time'), ('server_operation', 'Server operation'), ('direct_cost', 'Direct cost'), ('depreciation', 'Depreciation'), ('interest', 'Interest'), ('use_of_equity', 'Use of equity')], max_length=20, verbose_name='Cost kind')),
                ('year', models.PositiveSmallIntegerField(verbose_name='Year')),
                ('percent', models.DecimalField(decimal_places=3, max_digits=6, verbose_name='Per cent')),
                ('valid_from_on', models.DateField(blank=True, null=True, verbose_name='Decided from')),
                ('source_text', models.CharField(blank=True, max_length=200, verbose_name='Where it comes from')),
                ('provenance', models.CharField(blank=True, choices=[('entered', 'entered'), ('imported', 'imported'), ('calculated', 'calculated'), ('derived', 'derived'), ('published', 'published'), ('copied', 'copied'), ('assumed', 'assumed')], default='', max_length=10, verbose_name='Source')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='budgets.startedindex')),
                ('start', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='budgets.budgetstart', verbose_name='start of a budget')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='budgetstart',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "budgets_budgetstartevent" ("budget_id", "ended", "id", "keeps_notes", "mark", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_id") SELECT new_values."budget_id", new_values."ended", new_values."id", new_values."keeps_notes", new_values."mark", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."source_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='bbc5577e317fa61d3dd73d5504fb7fe46c52b860', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_d2087', referencing='REFERENCING NEW TABLE AS new_values ', table='budgets_budgetstart', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='budgetstart',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "budgets_budgetstartevent" ("budget_id", "ended", "id", "keeps_notes", "mark", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_id") SELECT new_values."budget_id", new_values."ended", new_values."id", new_values."keeps_notes", new_values."mark", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."source_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='1b9eb20371368d592f1813b82899a1fc10eba545', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_13db2', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='budgets_budgetstart', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='budgetstart',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "budgets_budgetstartevent" ("budget_id", "ended", "id", "keeps_notes", "mark", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_id") SELECT old_values."budget_id", old_values."ended", old_values."id", old_values."keeps_notes", old_values."mark", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."source_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='f257e712b994a5fbf3a9f80c9925bbe4d173297e', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_d7c96', referencing='REFERENCING OLD TABLE AS old_values ', table='budgets_budgetstart', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='clockstep',
            constraint=models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('budget', 'code'), name='clock_step_once_a_budget'),
        ),
        migrations.AddConstraint(
            model_name='clockstep',
            constraint=models.CheckConstraint(condition=models.Q(('code', ''), ('name', ''), _connector='XOR'), name='clock_step_is_known_or_named'),
        ),
        migrations.AddConstraint(
            model_name='clockstep',
            constraint=models.CheckConstraint(condition=models.Q(('on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='clock_step_on_held'),
        ),
        migrations.AddConstraint(
            model_name='clockstep',
            constraint=models.CheckConstraint(condition=models.Q(('done_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='clock_step_done_on_held'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clockstep',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "budgets_clockstepevent" ("budget_id", "code", "done_on", "edited_at", "id", "name", "on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "uuid", "who") SELECT new_values."budget_id", new_values."code", new_values."done_on", new_values."edited_at", new_values."id", new_values."name", new_values."on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."uuid", new_values."who" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='8cf3c76007c8cb6cf00d58d34324d88c8ca30d59', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_14986', referencing='REFERENCING NEW TABLE AS new_values ', table='budgets_clockstep', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clockstep',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "budgets_clockstepevent" ("budget_id", "code", "done_on", "edited_at", "id", "name", "on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "uuid", "who") SELECT new_values."budget_id", new_values."code", new_values."done_on", new_values."edited_at", new_values."id", new_values."name", new_values."on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."uuid", new_values."who" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='8e5557c0415d2699186f7ea5553504b813eef171', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_654f8', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='budgets_clockstep', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clockstep',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "budgets_clockstepevent" ("budget_id", "code", "done_on", "edited_at", "id", "name", "on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "uuid", "who") SELECT old_values."budget_id", old_values."code", old_values."done_on", old_values."edited_at", old_values."id", old_values."name", old_values."on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."uuid", old_values."who" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='6f5608fcd161467a51175f9f420c767952eaf0d6', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_42f26', referencing='REFERENCING OLD TABLE AS old_values ', table='budgets_clockstep', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='startedindex',
            constraint=models.UniqueConstraint(fields=('start', 'cost_kind'), name='one_index_a_kind_of_a_start'),
        ),
        migrations.AddConstraint(
            model_name='startedindex',
            constraint=models.CheckConstraint(condition=models.Q(('percent__gt', -100), ('percent__lt', 1000)), name='started_index_is_sane'),
        ),
        migrations.AddConstraint(
            model_name='startedindex',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='started_index_valid_from_on_held'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='startedindex',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "budgets_startedindexevent" ("cost_kind", "id", "percent", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "source_text", "start_id", "valid_from_on", "year") SELECT new_values."cost_kind", new_values."id", new_values."percent", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."provenance", new_values."source_text", new_values."start_id", new_values."valid_from_on", new_values."year" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='10b107e4d5fe85b16e3d452a4f0439f7f8ddb12f', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_6e0b4', referencing='REFERENCING NEW TABLE AS new_values ', table='budgets_startedindex', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='startedindex',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "budgets_startedindexevent" ("cost_kind", "id", "percent", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "source_text", "start_id", "valid_from_on", "year") SELECT new_values."cost_kind", new_values."id", new_values."percent", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."provenance", new_values."source_text", new_values."start_id", new_values."valid_from_on", new_values."year" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='dbbca51c45c5936c747c3b2ff9c93db32d42a32b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_13abe', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='budgets_startedindex', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='startedindex',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "budgets_startedindexevent" ("cost_kind", "id", "percent", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "source_text", "start_id", "valid_from_on", "year") SELECT old_values."cost_kind", old_values."id", old_values."percent", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."provenance", old_values."source_text", old_values."start_id", old_values."valid_from_on", old_values."year" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='dce3189b570aba34d30696f8e53f7831faf97d18', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_fbac3', referencing='REFERENCING OLD TABLE AS old_values ', table='budgets_startedindex', when='AFTER')),
        ),
    ]
