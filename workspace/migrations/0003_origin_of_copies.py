from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workspace", "0002_facts_of_files"),
    ]

    operations = [
        migrations.AddField(
            model_name="project",
            name="origin",
            field=models.JSONField(default=list),
        ),
    ]
