"""What is decided of frameworks beside their amount, recourse agreements, and the packages that councils decide on.

A row of before that lies outside the new constraints is left until it is next changed.
"""

import datetime
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
import web.fields
import web.ordering
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('investments', '0031_loan_triggers'),
        ('objects', '0011_contracts'),
    ]

    operations = [
        migrations.CreateModel(
            name='CouncilPackage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
                ('text', models.TextField(blank=True, verbose_name='What each council is asked to decide')),
                ('sent_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Frozen since')),
                ('provenance', models.CharField(choices=[('entered', 'entered'), ('imported', 'imported'), ('calculated', 'calculated'), ('derived', 'derived'), ('published', 'published'), ('copied', 'copied'), ('assumed', 'assumed')], default='entered', max_length=10, verbose_name='Source')),
                ('edited_at', models.DateTimeField(auto_now=True, verbose_name='Edited')),
            ],
            options={
                'verbose_name': 'council package',
                'verbose_name_plural': 'council packages',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='CouncilPackageEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, verbose_name='public id')),
                ('text', models.TextField(blank=True, verbose_name='What each council is asked to decide')),
                ('sent_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Frozen since')),
                ('provenance', models.CharField(choices=[('entered', 'entered'), ('imported', 'imported'), ('calculated', 'calculated'), ('derived', 'derived'), ('published', 'published'), ('copied', 'copied'), ('assumed', 'assumed')], default='entered', max_length=10, verbose_name='Source')),
                ('edited_at', models.DateTimeField(auto_now=True, verbose_name='Edited')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PackageCouncil',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sent_on', models.DateField(blank=True, null=True, verbose_name='Sent on')),
                ('planned_on', models.DateField(blank=True, null=True, verbose_name='Planned decision')),
                ('planned_notice_on', models.DateField(blank=True, null=True, verbose_name='Planned notice')),
                ('provenance', models.CharField(choices=[('entered', 'entered'), ('imported', 'imported'), ('calculated', 'calculated'), ('derived', 'derived'), ('published', 'published'), ('copied', 'copied'), ('assumed', 'assumed')], default='entered', max_length=10, verbose_name='Source')),
            ],
            options={
                'verbose_name': 'council of a package',
                'verbose_name_plural': 'councils of packages',
                'ordering': ['package', django.db.models.functions.comparison.Collate(web.ordering.SwedishOrder(models.F('municipality__name')), 'C')],
            },
        ),
        migrations.CreateModel(
            name='PackageCouncilEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('sent_on', models.DateField(blank=True, null=True, verbose_name='Sent on')),
                ('planned_on', models.DateField(blank=True, null=True, verbose_name='Planned decision')),
                ('planned_notice_on', models.DateField(blank=True, null=True, verbose_name='Planned notice')),
                ('provenance', models.CharField(choices=[('entered', 'entered'), ('imported', 'imported'), ('calculated', 'calculated'), ('derived', 'derived'), ('published', 'published'), ('copied', 'copied'), ('assumed', 'assumed')], default='entered', max_length=10, verbose_name='Source')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RecourseAgreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
                ('basis', models.CharField(blank=True, max_length=200, verbose_name='Shared by')),
                ('provenance', models.CharField(choices=[('entered', 'entered'), ('imported', 'imported'), ('calculated', 'calculated'), ('derived', 'derived'), ('published', 'published'), ('copied', 'copied'), ('assumed', 'assumed')], default='entered', max_length=10, verbose_name='Source')),
                ('note', models.TextField(blank=True, verbose_name='Note')),
            ],
            options={
                'verbose_name': 'recourse agreement',
                'verbose_name_plural': 'recourse agreements',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='RecourseAgreementEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, verbose_name='public id')),
                ('basis', models.CharField(blank=True, max_length=200, verbose_name='Shared by')),
                ('provenance', models.CharField(choices=[('entered', 'entered'), ('imported', 'imported'), ('calculated', 'calculated'), ('derived', 'derived'), ('published', 'published'), ('copied', 'copied'), ('assumed', 'assumed')], default='entered', max_length=10, verbose_name='Source')),
                ('note', models.TextField(blank=True, verbose_name='Note')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RecourseParty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('share_percent', models.DecimalField(decimal_places=4, max_digits=7, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='Share, per cent')),
                ('signed_on', models.DateField(blank=True, null=True, verbose_name='Signed on')),
            ],
            options={
                'verbose_name': 'share of a recourse agreement',
                'verbose_name_plural': 'shares of recourse agreements',
                'ordering': ['agreement', django.db.models.functions.comparison.Collate(web.ordering.SwedishOrder(models.F('municipality__name')), 'C')],
            },
        ),
        migrations.CreateModel(
            name='RecoursePartyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('share_percent', models.DecimalField(decimal_places=4, max_digits=7, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='Share, per cent')),
                ('signed_on', models.DateField(blank=True, null=True, verbose_name='Signed on')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='borrowingframework',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='borrowingframework',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='borrowingframework',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='borrowingframework',
            name='least_headroom_ore',
            field=web.fields.OreField(blank=True, null=True, verbose_name='Warn when less is left, SEK'),
        ),
        migrations.AddField(
            model_name='borrowingframework',
            name='right_to_borrow_ore',
            field=web.fields.OreField(blank=True, null=True, verbose_name='Right to borrow, SEK'),
        ),
        migrations.AddField(
            model_name='borrowingframework',
            name='uuid',
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True, verbose_name='public id'),
        ),
        migrations.RunSQL('UPDATE investments_borrowingframework SET uuid = gen_random_uuid()', migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='borrowingframework',
            name='uuid',
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='public id'),
        ),
        migrations.AddField(
            model_name='borrowingframeworkevent',
            name='least_headroom_ore',
            field=web.fields.OreField(blank=True, null=True, verbose_name='Warn when less is left, SEK'),
        ),
        migrations.AddField(
            model_name='borrowingframeworkevent',
            name='right_to_borrow_ore',
            field=web.fields.OreField(blank=True, null=True, verbose_name='Right to borrow, SEK'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='borrowingframework',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "investments_borrowingframeworkevent" ("amount_ore", "decided_by_id", "guarantee_fee_ore", "id", "least_headroom_ore", "needs", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "replaces_id", "right_to_borrow_ore") SELECT new_values."amount_ore", new_values."decided_by_id", new_values."guarantee_fee_ore", new_values."id", new_values."least_headroom_ore", new_values."needs", new_values."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."provenance", new_values."replaces_id", new_values."right_to_borrow_ore" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='92f6c923b9f4b92d9e8a94891904018c97858c8b', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_d32b8', referencing='REFERENCING NEW TABLE AS new_values ', table='investments_borrowingframework', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='borrowingframework',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "investments_borrowingframeworkevent" ("amount_ore", "decided_by_id", "guarantee_fee_ore", "id", "least_headroom_ore", "needs", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "replaces_id", "right_to_borrow_ore") SELECT new_values."amount_ore", new_values."decided_by_id", new_values."guarantee_fee_ore", new_values."id", new_values."least_headroom_ore", new_values."needs", new_values."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."provenance", new_values."replaces_id", new_values."right_to_borrow_ore" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."amount_ore" IS DISTINCT FROM (new_values."amount_ore") OR old_values."decided_by_id" IS DISTINCT FROM (new_values."decided_by_id") OR old_values."guarantee_fee_ore" IS DISTINCT FROM (new_values."guarantee_fee_ore") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."least_headroom_ore" IS DISTINCT FROM (new_values."least_headroom_ore") OR old_values."needs" IS DISTINCT FROM (new_values."needs") OR old_values."note" IS DISTINCT FROM (new_values."note") OR old_values."provenance" IS DISTINCT FROM (new_values."provenance") OR old_values."replaces_id" IS DISTINCT FROM (new_values."replaces_id") OR old_values."right_to_borrow_ore" IS DISTINCT FROM (new_values."right_to_borrow_ore")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='744bca76a285bde342c276c9d8c7291e07297b89', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_2facd', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='investments_borrowingframework', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='borrowingframework',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "investments_borrowingframeworkevent" ("amount_ore", "decided_by_id", "guarantee_fee_ore", "id", "least_headroom_ore", "needs", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "replaces_id", "right_to_borrow_ore") SELECT old_values."amount_ore", old_values."decided_by_id", old_values."guarantee_fee_ore", old_values."id", old_values."least_headroom_ore", old_values."needs", old_values."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."provenance", old_values."replaces_id", old_values."right_to_borrow_ore" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='bf81a64dabf645acc8c4dc4d767986711d537c3c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_45362', referencing='REFERENCING OLD TABLE AS old_values ', table='investments_borrowingframework', when='AFTER')),
        ),
        AddConstraintNotValid(
            model_name='borrowingframework',
            constraint=models.CheckConstraint(condition=models.Q(('right_to_borrow_ore__isnull', True), ('right_to_borrow_ore__gte', models.F('amount_ore')), _connector='OR'), name='right_to_borrow_covers_framework'),
        ),
        AddConstraintNotValid(
            model_name='borrowingframework',
            constraint=models.CheckConstraint(condition=models.Q(('guarantee_fee_ore__gte', 0)), name='guarantee_fee_is_not_negative'),
        ),
        AddConstraintNotValid(
            model_name='borrowingframework',
            constraint=models.CheckConstraint(condition=models.Q(('least_headroom_ore__isnull', True), models.Q(('least_headroom_ore__gte', 0), ('least_headroom_ore__lt', models.F('amount_ore'))), _connector='OR'), name='least_headroom_is_within_framework'),
        ),
        AddConstraintNotValid(
            model_name='borrowingframework',
            constraint=models.CheckConstraint(condition=models.Q(('replaces__isnull', True), models.Q(('replaces', models.F('pk')), _negated=True), _connector='OR'), name='framework_replaces_another'),
        ),
        AddConstraintNotValid(
            model_name='councildecision',
            constraint=models.CheckConstraint(condition=models.Q(('appealed_on__isnull', True), ('decided_on__isnull', True), ('appealed_on__gte', models.F('decided_on')), _connector='OR'), name='appealed_after_decided'),
        ),
        AddConstraintNotValid(
            model_name='councildecision',
            constraint=models.CheckConstraint(condition=models.Q(('legal_force_on__isnull', True), ('decided_on__isnull', True), ('legal_force_on__gte', models.F('decided_on')), _connector='OR'), name='force_after_decided'),
        ),
        AddConstraintNotValid(
            model_name='councildecision',
            constraint=models.CheckConstraint(condition=models.Q(('legal_force_on__isnull', True), ('announced_on__isnull', True), ('legal_force_on__gte', models.F('announced_on')), _connector='OR'), name='force_after_announced'),
        ),
        migrations.AddField(
            model_name='councilpackage',
            name='framework',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='package', to='investments.borrowingframework', verbose_name='Borrowing framework'),
        ),
        migrations.AddField(
            model_name='councilpackageevent',
            name='framework',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='investments.borrowingframework', verbose_name='Borrowing framework'),
        ),
        migrations.AddField(
            model_name='councilpackageevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='investments.councilpackage'),
        ),
        migrations.AddField(
            model_name='packagecouncil',
            name='municipality',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='packages', to='objects.municipality', verbose_name='Municipality'),
        ),
        migrations.AddField(
            model_name='packagecouncil',
            name='package',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='councils', to='investments.councilpackage', verbose_name='Council package'),
        ),
        migrations.AddField(
            model_name='packagecouncilevent',
            name='municipality',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='objects.municipality', verbose_name='Municipality'),
        ),
        migrations.AddField(
            model_name='packagecouncilevent',
            name='package',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='investments.councilpackage', verbose_name='Council package'),
        ),
        migrations.AddField(
            model_name='packagecouncilevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='investments.packagecouncil'),
        ),
        migrations.AddField(
            model_name='recourseagreement',
            name='framework',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='recourse', to='investments.borrowingframework', verbose_name='Borrowing framework'),
        ),
        migrations.AddField(
            model_name='recourseagreement',
            name='replaces',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='investments.recourseagreement', verbose_name='Replaces'),
        ),
        migrations.AddField(
            model_name='recourseagreementevent',
            name='framework',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='investments.borrowingframework', verbose_name='Borrowing framework'),
        ),
        migrations.AddField(
            model_name='recourseagreementevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='investments.recourseagreement'),
        ),
        migrations.AddField(
            model_name='recourseagreementevent',
            name='replaces',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='investments.recourseagreement', verbose_name='Replaces'),
        ),
        migrations.AddField(
            model_name='recourseparty',
            name='agreement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parties', to='investments.recourseagreement', verbose_name='Recourse agreement'),
        ),
        migrations.AddField(
            model_name='recourseparty',
            name='municipality',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recourse_shares', to='objects.municipality', verbose_name='Municipality'),
        ),
        migrations.AddField(
            model_name='recoursepartyevent',
            name='agreement',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='investments.recourseagreement', verbose_name='Recourse agreement'),
        ),
        migrations.AddField(
            model_name='recoursepartyevent',
            name='municipality',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='objects.municipality', verbose_name='Municipality'),
        ),
        migrations.AddField(
            model_name='recoursepartyevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='investments.recourseparty'),
        ),
        migrations.AddConstraint(
            model_name='councilpackage',
            constraint=models.CheckConstraint(condition=models.Q(('sent_at__isnull', True), ('text__regex', '\\S'), _connector='OR'), name='package_is_sent_with_a_text'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='councilpackage',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "investments_councilpackageevent" ("edited_at", "framework_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "sent_at", "text", "uuid") SELECT new_values."edited_at", new_values."framework_id", new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."provenance", new_values."sent_at", new_values."text", new_values."uuid" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='83a43a02482a190bd54ccd34faf321c7dbe55a41', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_f9584', referencing='REFERENCING NEW TABLE AS new_values ', table='investments_councilpackage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='councilpackage',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "investments_councilpackageevent" ("edited_at", "framework_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "sent_at", "text", "uuid") SELECT new_values."edited_at", new_values."framework_id", new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."provenance", new_values."sent_at", new_values."text", new_values."uuid" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='8522535f67c5e1daf5bca94eeeceff72b7b9b2aa', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_bc957', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='investments_councilpackage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='councilpackage',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "investments_councilpackageevent" ("edited_at", "framework_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "sent_at", "text", "uuid") SELECT old_values."edited_at", old_values."framework_id", old_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."provenance", old_values."sent_at", old_values."text", old_values."uuid" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='94772416a0fd3272b4aa070c08271ca0f137a7e6', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_6f071', referencing='REFERENCING OLD TABLE AS old_values ', table='investments_councilpackage', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='packagecouncil',
            constraint=models.UniqueConstraint(fields=('package', 'municipality'), name='package_council_once'),
        ),
        migrations.AddConstraint(
            model_name='packagecouncil',
            constraint=models.CheckConstraint(condition=models.Q(('planned_on__isnull', True), ('sent_on__isnull', True), ('planned_on__gte', models.F('sent_on')), _connector='OR'), name='planned_after_sent'),
        ),
        migrations.AddConstraint(
            model_name='packagecouncil',
            constraint=models.CheckConstraint(condition=models.Q(('planned_notice_on__isnull', True), ('planned_on__isnull', False), _connector='OR'), name='planned_notice_has_a_decision'),
        ),
        migrations.AddConstraint(
            model_name='packagecouncil',
            constraint=models.CheckConstraint(condition=models.Q(('planned_notice_on__isnull', True), ('planned_on__isnull', True), ('planned_notice_on__gte', models.F('planned_on')), _connector='OR'), name='planned_notice_after_decision'),
        ),
        migrations.AddConstraint(
            model_name='packagecouncil',
            constraint=models.CheckConstraint(condition=models.Q(('sent_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='package_sent_on_held'),
        ),
        migrations.AddConstraint(
            model_name='packagecouncil',
            constraint=models.CheckConstraint(condition=models.Q(('planned_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='package_planned_on_held'),
        ),
        migrations.AddConstraint(
            model_name='packagecouncil',
            constraint=models.CheckConstraint(condition=models.Q(('planned_notice_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='package_planned_notice_on_held'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='packagecouncil',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "investments_packagecouncilevent" ("id", "municipality_id", "package_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_notice_on", "planned_on", "provenance", "sent_on") SELECT new_values."id", new_values."municipality_id", new_values."package_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."planned_notice_on", new_values."planned_on", new_values."provenance", new_values."sent_on" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='5d23163461bb00449812f88ced4b707e3306c9d3', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_b9f8e', referencing='REFERENCING NEW TABLE AS new_values ', table='investments_packagecouncil', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='packagecouncil',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "investments_packagecouncilevent" ("id", "municipality_id", "package_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_notice_on", "planned_on", "provenance", "sent_on") SELECT new_values."id", new_values."municipality_id", new_values."package_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."planned_notice_on", new_values."planned_on", new_values."provenance", new_values."sent_on" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='9e52b136dd528b4478a0e8e6fb4f9baad80f05c3', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_82e0d', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='investments_packagecouncil', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='packagecouncil',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "investments_packagecouncilevent" ("id", "municipality_id", "package_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_notice_on", "planned_on", "provenance", "sent_on") SELECT old_values."id", old_values."municipality_id", old_values."package_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."planned_notice_on", old_values."planned_on", old_values."provenance", old_values."sent_on" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='c7d530c87fd09fec0eae6966537575fe561c53d1', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_2bf3f', referencing='REFERENCING OLD TABLE AS old_values ', table='investments_packagecouncil', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='recourseagreement',
            constraint=models.CheckConstraint(condition=models.Q(('replaces__isnull', True), models.Q(('replaces', models.F('pk')), _negated=True), _connector='OR'), name='recourse_replaces_another'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recourseagreement',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "investments_recourseagreementevent" ("basis", "framework_id", "id", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "replaces_id", "uuid") SELECT new_values."basis", new_values."framework_id", new_values."id", new_values."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."provenance", new_values."replaces_id", new_values."uuid" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='308bba9f324f710923674e8459b818f25933a247', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_20e8d', referencing='REFERENCING NEW TABLE AS new_values ', table='investments_recourseagreement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recourseagreement',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "investments_recourseagreementevent" ("basis", "framework_id", "id", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "replaces_id", "uuid") SELECT new_values."basis", new_values."framework_id", new_values."id", new_values."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."provenance", new_values."replaces_id", new_values."uuid" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='a67f2d0f4788eb6e14fa81326858d7a369dc3dd4', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_7690b', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='investments_recourseagreement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recourseagreement',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "investments_recourseagreementevent" ("basis", "framework_id", "id", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "replaces_id", "uuid") SELECT old_values."basis", old_values."framework_id", old_values."id", old_values."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."provenance", old_values."replaces_id", old_values."uuid" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='d6d711cdeab70d99bf049a6fdea5917342749dbe', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_dcdfa', referencing='REFERENCING OLD TABLE AS old_values ', table='investments_recourseagreement', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='recourseparty',
            constraint=models.UniqueConstraint(fields=('agreement', 'municipality'), name='recourse_share_once_a_member'),
        ),
        migrations.AddConstraint(
            model_name='recourseparty',
            constraint=models.CheckConstraint(condition=models.Q(('share_percent__range', (0, 100))), name='recourse_share_is_a_part'),
        ),
        migrations.AddConstraint(
            model_name='recourseparty',
            constraint=models.CheckConstraint(condition=models.Q(('signed_on__range', (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))), name='recourse_signed_on_held'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recourseparty',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "investments_recoursepartyevent" ("agreement_id", "id", "municipality_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "share_percent", "signed_on") SELECT new_values."agreement_id", new_values."id", new_values."municipality_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."share_percent", new_values."signed_on" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='5cba8d1fa1099b44304cc627cdc49435430420d2', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_f0e33', referencing='REFERENCING NEW TABLE AS new_values ', table='investments_recourseparty', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recourseparty',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "investments_recoursepartyevent" ("agreement_id", "id", "municipality_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "share_percent", "signed_on") SELECT new_values."agreement_id", new_values."id", new_values."municipality_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."share_percent", new_values."signed_on" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='7005cbb162078635409ee83d1f48104eca9d1470', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_a41e7', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='investments_recourseparty', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recourseparty',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "investments_recoursepartyevent" ("agreement_id", "id", "municipality_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "share_percent", "signed_on") SELECT old_values."agreement_id", old_values."id", old_values."municipality_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."share_percent", old_values."signed_on" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='dfb2f1c9d03e731276077c40ef00364d73c2aad7', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_bdf83', referencing='REFERENCING OLD TABLE AS old_values ', table='investments_recourseparty', when='AFTER')),
        ),
    ]
