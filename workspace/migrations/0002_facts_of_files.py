from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workspace", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="file",
            index=models.Index(fields=["project", "path", "size", "sha256"], name="file_facts"),
        ),
        migrations.AddIndex(
            model_name="sharedfile",
            index=models.Index(
                fields=["share", "path", "size", "sha256"], name="shared_file_facts"
            ),
        ),
    ]
