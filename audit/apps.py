from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_delete, pre_migrate


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = "Audit"

    def ready(self) -> None:
        from django.contrib.auth.models import User

        from audit import retention, triggers

        pre_migrate.connect(triggers.remove, sender=self)
        post_migrate.connect(triggers.install, sender=self)
        pre_delete.connect(retention.person_goes, sender=User)
