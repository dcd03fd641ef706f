"""`{% load wegmarke %}`: icons, badges, and figures in the reader's own format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from wegmarke.ui import numbers
from wegmarke.ui.icons import ICONS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from django.forms.boundfield import BoundWidget
    from django.utils.safestring import SafeString

register = template.Library()

# What a badge says, by its shape; the colour only repeats it.
SIGNS = {
    "good": "up",
    "bad": "down",
    "neutral": "flat",
    "unknown": "unknown",
    "done": "check",
    "failed": "cross",
    "warning": "warning",
    "info": "info",
}


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """Return the icon `name` as SVG, hidden from screen readers: the text beside it says the same."""
    paths = mark_safe(f'<path d="{ICONS[name]}"/>')  # noqa: S308 - our own constant
    return format_html(
        '<svg class="icon wm-icon {}" viewBox="0 0 24 24" width="24" height="24" fill="none"'
        ' stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"'
        ' aria-hidden="true" focusable="false">{}</svg>',
        classes,
        paths,
    )


@register.simple_tag
def badge(kind: str, text: object) -> SafeString:
    """Return a badge: a sign and words, coloured besides. `kind` is one of SIGNS."""
    return format_html('<span class="wm-badge wm-badge-{}">{}{}</span>', kind, icon(SIGNS[kind]), text)


@register.filter
def number(value: float | None, digits: int = 0) -> str:
    """Return a number in the reader's format: 1.234,5 or 1,234.5."""
    return numbers.number(value, digits)


@register.filter
def percent(value: float | None, digits: int = 0) -> str:
    """Return a share of 0 to 1 as per cent."""
    return numbers.percent(value, digits)


@register.filter
def points(value: float | None, digits: int = 1) -> str:
    """Return a difference of shares in percentage points with its sign."""
    return numbers.points(value, digits)


@register.filter
def when(value: datetime | None) -> str:
    """Return a moment in the reader's format and the zone of this installation: 22.11.2026 05:30."""
    return numbers.when(value)


@register.filter
def day(value: date | None) -> str:
    """Return a day in the reader's format: 22.11.2026."""
    return numbers.day(value)


@register.filter
def control(choice: BoundWidget) -> SafeString:
    """Return one box of a field with many, as Django writes it; a template for each of 500 takes long."""
    data = choice.data
    return format_html(
        '<input type="{}" name="{}" value="{}"{}>',
        data["type"], data["name"], data["value"], flatatt(data["attrs"]),
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def is_current(context: dict[str, Any], page: object) -> bool:
    """Say whether `page` of the navigation is the one being read."""
    return page is not None and page == context.get("current_page")


@register.simple_block_tag
def card(content: str, title: object = "", subtitle: object = "") -> SafeString:
    """Set `{% card title="…" subtitle="…" %}…{% endcard %}` in a card with its own heading."""
    context = {"content": content, "title": title, "subtitle": subtitle}
    return render_to_string("ui/components/card.html", context)


@register.simple_block_tag
def finding(content: str, kind: str = "neutral") -> SafeString:
    """Set the sentence a page of findings starts with; `kind` is a sign of SIGNS."""
    return render_to_string(
        "ui/components/finding.html", {"content": content, "sign": SIGNS[kind], "kind": kind}
    )


@register.simple_block_tag
def how_computed(content: str) -> SafeString:
    """Set what a figure rests on (period, n, method, parameters, what it does not say), folded away."""
    return render_to_string("ui/components/how_computed.html", {"content": content})


@register.simple_block_tag
def empty(content: str, title: object) -> SafeString:
    """Say what is missing (`title`), how to get it, and the next step as a button (content)."""
    return render_to_string("ui/components/empty.html", {"content": content, "title": title})


@register.inclusion_tag("ui/components/breadcrumbs.html")
def breadcrumbs(*crumbs: object) -> dict[str, object]:
    """Show the way here: text, address, text, address, …, and last the text of this page."""
    pairs = list(zip(crumbs[0:-1:2], crumbs[1::2], strict=True))
    return {"crumbs": pairs, "here": crumbs[-1]}


@register.inclusion_tag("ui/components/tabs.html")
def tabs(items: Iterable[tuple[object, str, bool]], label: object) -> dict[str, object]:
    """Show links side by side, each `(text, address, is this one)`: every tab has its own address."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/components/progress.html")
def progress(share: float | None, text: object) -> dict[str, object]:
    """Show how far something is (0 to 1; None while unknown) with words beside it."""
    known = share is not None
    return {"known": known, "thousandths": str(round(1000 * min(1.0, max(0.0, share or 0.0)))), "text": text}
