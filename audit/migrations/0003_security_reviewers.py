from django.db import migrations

GROUP = "security reviewers"
PERMISSIONS = {
    ("execution", "view_execution"): "Can view execution",
    ("violation", "view_violation"): "Can view violation",
    ("violation", "review_violation"): "Can decide on violations",
    ("pause", "lift_pause"): "Can see pauses and lift them",
}


def make_group(apps, schema_editor):
    """The group, with permissions that Django itself would make only after all migrations."""
    content_types = apps.get_model("contenttypes", "ContentType").objects
    permissions = apps.get_model("auth", "Permission").objects
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    for (model, codename), name in PERMISSIONS.items():
        content_type, _ = content_types.get_or_create(app_label="audit", model=model)
        permission, _ = permissions.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        group.permissions.add(permission)


def remove_group(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name=GROUP).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_alerts_and_review"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_group, remove_group)]
