"""What the foot of an administrator's page says of the sandbox image."""

from __future__ import annotations

from datetime import UTC, datetime

from django import template

from executor import image_watch

register = template.Library()


@register.simple_tag
def image_warnings() -> list[str]:
    """A sentence for each thing to do about the image; none where the server has not looked yet."""
    image = image_watch.latest()
    return image.warnings(datetime.now(UTC)) if image else []
