from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0007_compiled_early"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="execution",
            index=models.Index(
                fields=[
                    "created",
                    "status",
                    "total_ms",
                    "queue_ms",
                    "container_start_ms",
                    "run_ms",
                    "peak_memory_bytes",
                ],
                name="execution_measures",
            ),
        ),
    ]
