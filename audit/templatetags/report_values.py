"""Values of a report as its page shows them."""

from __future__ import annotations

from datetime import datetime

from django import template

from audit.stats import MEASURES
from audit.visible import visible

register = template.Library()

register.filter("visible", visible)


@register.filter
def titled(measure: str) -> str:
    """A measured column as people call it."""
    return MEASURES[measure]


@register.filter
def counted(number: int) -> str:
    """A number with its thousands set apart."""
    return f"{number:,}"


@register.filter
def percent(share: float | None) -> str:
    """A share from 0 to 1, or “–” for none."""
    return "–" if share is None else f"{100 * share:.1f} %"


@register.filter
def measured(value: float | None, name: str) -> str:
    """A measured value with the unit that its column's name has, or “–” for none."""
    if value is None:
        return "–"
    return f"{value / 2**20:,.1f} MiB" if name.endswith("_bytes") else f"{value:,.0f} ms"


@register.filter
def minute(moment: str) -> str:
    """A moment in ISO form, to the minute, in UTC as it is."""
    return f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M}"
