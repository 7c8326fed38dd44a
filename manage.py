#!/usr/bin/env python
"""Django's command line for this site."""

import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Run the command; one that needs the database is told when that is not set up."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ideproject.settings")
    try:
        django.setup()
    except (ImproperlyConfigured, ImportError):
        pass  # Django says it better, and some commands go on without
    else:
        from ideproject import migrated

        migrated.demand(sys.argv)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
