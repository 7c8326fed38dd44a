"""``{% load disk_room %}``: what administrators have to know of the server's disk."""

from __future__ import annotations

from django import template

from audit import disk

register = template.Library()


@register.simple_tag
def disk_warning() -> str:
    """A sentence while there is little room left, else nothing."""
    return disk.warning()
