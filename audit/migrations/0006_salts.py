from django.db import migrations
from django.db.models.expressions import RawSQL

# The default of a new column is one value for all rows; a salt is good for one record only.
RANDOM = {
    "sqlite": "lower(hex(randomblob(16)))",
    "postgresql": "replace(gen_random_uuid()::text, '-', '')",
}


def salt_each(apps, schema_editor):
    """Give each record that was there before a salt of its own."""
    random = RawSQL(RANDOM[schema_editor.connection.vendor], ())  # noqa: S611 - written above
    for model in ("Execution", "Pause"):
        apps.get_model("audit", model).objects.update(salt=random)


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_seals")]

    operations = [migrations.RunPython(salt_each, migrations.RunPython.noop)]
