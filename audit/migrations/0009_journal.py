from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0008_measures")]

    operations = [
        migrations.AlterField(
            model_name="execution",
            name="door",
            field=models.CharField(
                choices=[
                    ("page", "Page"),
                    ("command", "Command"),
                    ("library", "Library"),
                    ("api", "API"),
                    ("server", "Server"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="removal",
            name="what",
            field=models.CharField(
                choices=[
                    ("pruned", "Pruned"),
                    ("forgotten", "Forgotten"),
                    ("accepted", "Accepted"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="JournalEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chain", models.CharField(max_length=16)),
                ("number", models.PositiveBigIntegerField()),
                ("previous", models.CharField(max_length=64)),
                ("event", models.CharField(max_length=10)),
                ("kind", models.CharField(blank=True, max_length=10)),
                ("record", models.CharField(blank=True, max_length=80)),
                ("form", models.PositiveSmallIntegerField()),
                ("leaf", models.CharField(blank=True, max_length=64)),
                ("key", models.CharField(max_length=64)),
                ("signature", models.CharField(max_length=128)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("chain", "number"), name="journal_number")
                ],
            },
        ),
    ]
