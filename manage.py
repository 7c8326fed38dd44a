#!/usr/bin/env python
"""Django's command line for this site; root's rights are given up before it begins."""

import os
import sys

from ideproject.start import prepare

if __name__ == "__main__":
    prepare(sys.argv)

    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ideproject.settings")
    execute_from_command_line(sys.argv)
