import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workspace", "0003_origin_of_copies"),
    ]

    operations = [
        migrations.CreateModel(
            name="TrashedFile",
            fields=[
                ("path", models.CharField(max_length=200)),
                ("content", models.BinaryField()),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("change", models.UUIDField(db_index=True)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("deleted", "Deleted"),
                            ("overwritten", "Overwritten"),
                            ("added", "Added"),
                        ],
                        max_length=11,
                    ),
                ),
                ("created", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ("-created", "path"),
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="project",
            name="deleted",
            field=models.DateTimeField(db_index=True, null=True),
        ),
        migrations.AddField(
            model_name="trashedfile",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="trash",
                to="workspace.project",
            ),
        ),
        migrations.AddIndex(
            model_name="trashedfile",
            index=models.Index(
                fields=["project", "created", "size", "id"], name="trash_of_project"
            ),
        ),
    ]
