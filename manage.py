#!/usr/bin/env python
"""Django's command line for this site; root's rights are given up before it begins."""

import os
import sys

from ideproject.start import prepare


def main() -> None:
    """Run the command; report a database that is not set up before one that needs it."""
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ideproject.settings")
    try:
        django.setup()
    except (ImproperlyConfigured, ImportError):
        pass  # Django reports it better, and some commands work without settings
    else:
        from ideproject import migrated

        migrated.demand(sys.argv)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    prepare(sys.argv)
    main()
