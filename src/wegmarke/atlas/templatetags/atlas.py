"""Words of the atlas in templates."""

from __future__ import annotations

from django import template

from wegmarke.atlas.journeymap import channels

register = template.Library()


@register.filter
def channel(written: str | None) -> str:
    """Call a channel as the map does: common English ones in the reader's language."""
    return channels.name_of(written) if written else ""
