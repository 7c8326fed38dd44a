import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0012_no_source_as_text"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # All of them may be null: SQLite writes a table anew for any other column.
        migrations.AddField("execution", "compiler_files", models.JSONField(null=True)),
        migrations.AddField("execution", "input_bytes", models.BigIntegerField(null=True)),
        migrations.AddField(
            "execution", "input_sha256", models.CharField(max_length=64, null=True)
        ),
        migrations.AddField("execution", "input_kept", models.TextField(null=True)),
        migrations.AddField(
            "execution",
            "begun_commitment",
            models.CharField(editable=False, max_length=64, null=True),
        ),
        migrations.CreateModel(
            name="RecordUse",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("day", models.DateField()),
                ("bytes", models.BigIntegerField()),
            ],
            options={"default_permissions": ()},
        ),
    ]
