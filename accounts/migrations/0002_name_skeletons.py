import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.names import key_of


def fill(apps, schema_editor):
    """Reserve each skeleton for the oldest of the accounts that share it."""
    users = apps.get_model("auth", "User").objects.order_by("pk").values_list("pk", "username")
    skeletons = apps.get_model("accounts", "NameSkeleton").objects
    taken, rows = set(), []
    for pk, username in users.iterator():
        key = key_of(username)
        rows.append(skeletons.model(user_id=pk, key=None if key in taken else key))
        taken.add(key)
    skeletons.bulk_create(rows, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("accounts", "0001_known_networks"),
    ]

    operations = [
        migrations.CreateModel(
            name="NameSkeleton",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("key", models.CharField(max_length=64, null=True, unique=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
