import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0009_days_and_order'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccessibilityReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
                ('text', models.TextField(verbose_name='What does not work')),
                ('page', models.CharField(blank=True, max_length=500, verbose_name='Which page')),
                ('contact', models.EmailField(blank=True, max_length=254, verbose_name='Your email address')),
                ('created_at', models.DateTimeField(auto_now_add=True, db_index=True, verbose_name='Created')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='Sent')),
            ],
            options={
                'verbose_name': 'accessibility report',
                'verbose_name_plural': 'accessibility reports',
                'ordering': ['-created_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='accessibility_report_has_a_text')],
            },
        ),
    ]
