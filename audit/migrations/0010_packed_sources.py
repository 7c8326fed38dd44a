from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0009_journal")]

    operations = [
        migrations.AddField("source", "packed", models.BinaryField(null=True)),
    ]
