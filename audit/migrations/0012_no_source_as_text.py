from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audit", "0011_pack_each_source")]

    operations = [migrations.RemoveField("source", "files")]
