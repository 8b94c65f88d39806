"""A sub-budget may have deadlines of its own, and a draft that is open is called what every page calls it: a draft."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('budgets', '0014_sums_from_an_index'),
        ('objects', '0008_sources'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='subbudget',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='subbudget',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='subbudget',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='subbudget',
            name='own_approval_due_on',
            field=models.DateField(blank=True, null=True, verbose_name='Approved at the latest, its own day'),
        ),
        migrations.AddField(
            model_name='subbudget',
            name='own_due_on',
            field=models.DateField(blank=True, null=True, verbose_name='Due, its own day'),
        ),
        migrations.AddField(
            model_name='subbudgetevent',
            name='own_approval_due_on',
            field=models.DateField(blank=True, null=True, verbose_name='Approved at the latest, its own day'),
        ),
        migrations.AddField(
            model_name='subbudgetevent',
            name='own_due_on',
            field=models.DateField(blank=True, null=True, verbose_name='Due, its own day'),
        ),
        migrations.AlterField(
            model_name='budget',
            name='phase',
            field=models.CharField(choices=[('open', 'draft'), ('compiled', 'compiled'), ('proposed', 'proposed')], db_default='open', default='open', max_length=10, verbose_name='Phase'),
        ),
        migrations.AlterField(
            model_name='budgetevent',
            name='phase',
            field=models.CharField(choices=[('open', 'draft'), ('compiled', 'compiled'), ('proposed', 'proposed')], db_default='open', default='open', max_length=10, verbose_name='Phase'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='subbudget',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "budgets_subbudgetevent" ("budget_id", "changes_sv", "governance_object_id", "id", "lineage", "name_en", "name_sv", "own_approval_due_on", "own_due_on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "purpose_en", "purpose_sv", "scope_en", "scope_sv", "slug", "status", "text_en", "text_sv") SELECT new_values."budget_id", new_values."changes_sv", new_values."governance_object_id", new_values."id", new_values."lineage", new_values."name_en", new_values."name_sv", new_values."own_approval_due_on", new_values."own_due_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."position", new_values."purpose_en", new_values."purpose_sv", new_values."scope_en", new_values."scope_sv", new_values."slug", new_values."status", new_values."text_en", new_values."text_sv" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='47d41fc6df78ce9481c4d913767d6d26f7ac81ff', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_a8eca', referencing='REFERENCING NEW TABLE AS new_values ', table='budgets_subbudget', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='subbudget',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "budgets_subbudgetevent" ("budget_id", "changes_sv", "governance_object_id", "id", "lineage", "name_en", "name_sv", "own_approval_due_on", "own_due_on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "purpose_en", "purpose_sv", "scope_en", "scope_sv", "slug", "status", "text_en", "text_sv") SELECT new_values."budget_id", new_values."changes_sv", new_values."governance_object_id", new_values."id", new_values."lineage", new_values."name_en", new_values."name_sv", new_values."own_approval_due_on", new_values."own_due_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."position", new_values."purpose_en", new_values."purpose_sv", new_values."scope_en", new_values."scope_sv", new_values."slug", new_values."status", new_values."text_en", new_values."text_sv" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='971c7bdfa66baf185ebd7dab56699897f4f6df26', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_b1adc', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='budgets_subbudget', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='subbudget',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "budgets_subbudgetevent" ("budget_id", "changes_sv", "governance_object_id", "id", "lineage", "name_en", "name_sv", "own_approval_due_on", "own_due_on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "purpose_en", "purpose_sv", "scope_en", "scope_sv", "slug", "status", "text_en", "text_sv") SELECT old_values."budget_id", old_values."changes_sv", old_values."governance_object_id", old_values."id", old_values."lineage", old_values."name_en", old_values."name_sv", old_values."own_approval_due_on", old_values."own_due_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."position", old_values."purpose_en", old_values."purpose_sv", old_values."scope_en", old_values."scope_sv", old_values."slug", old_values."status", old_values."text_en", old_values."text_sv" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='9b0d542ff91ade657f7664ab0d3a9e3164abbc4a', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_64163', referencing='REFERENCING OLD TABLE AS old_values ', table='budgets_subbudget', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='subbudget',
            constraint=models.CheckConstraint(condition=models.Q(('own_approval_due_on__gte', models.F('own_due_on'))), name='own_approval_after_submission'),
        ),
    ]
