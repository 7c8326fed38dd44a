"""Show administrators on each of their pages that the records were changed."""

from __future__ import annotations

from django import template

from audit import alarm

register = template.Library()


@register.simple_tag
def records_alarm() -> str:
    """Return the alarm's sentence, or nothing."""
    return alarm.current()
