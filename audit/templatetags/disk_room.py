"""``{% load disk_room %}``: warn administrators of a nearly full disk."""

from __future__ import annotations

from django import template

from audit import disk

register = template.Library()


@register.simple_tag
def disk_warning() -> str:
    """Return a sentence while there is little room left, else nothing."""
    return disk.warning()
