from django.db import migrations

from objects.migrations._sql import KEEP_DECIDED


class Migration(migrations.Migration):
    dependencies = [("objects", "0005_object_plans")]

    operations = [
        migrations.RunSQL(KEEP_DECIDED, "DROP TRIGGER keep_decided ON objects_decision; DROP FUNCTION keep_decided();")
    ]
