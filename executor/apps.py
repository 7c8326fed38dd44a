from django.apps import AppConfig


class ExecutorConfig(AppConfig):
    # No pool starts here: ready() runs for every command, and twice under autoreload.
    name = "executor"

    def ready(self) -> None:
        from executor import checks  # noqa: F401 - registers itself
