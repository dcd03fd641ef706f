"""The cards of the list on narrow screens, written by hand: a template takes half a second for 500."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from wegmarke.ui.templatetags.wegmarke import icon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wegmarke.atlas.journeymap.content import Card


def items(cards: Sequence[Card], move_url: str) -> SafeString:
    """Return the cards of one slot as list items; `move_url` is the page that moves them, empty for none."""
    signs = {name: str(icon(name)) for name in {card.icon for card in cards}}
    words = {"experience": _("Experience"), "drop_off": _("Drop-off"), "move": _("Move")}
    written = "".join(_item(card, signs[card.icon], words, move_url) for card in cards)
    return mark_safe(written)  # noqa: S308 - every text and attribute was escaped


def _item(card: Card, sign: str, words: dict[str, str], move_url: str) -> str:
    role = f" wm-map-item-{card.mark.role}" if card.mark else ""
    name = escape(card.name)
    linked = f'<a href="{escape(card.url)}">{name}</a>' if card.url else f"<span>{name}</span>"
    number = f'<span class="wm-map-number">{card.number}</span>' if card.number else ""
    parts = [
        f'<li class="wm-map-item wm-map-item-{card.kind}{role}">',
        f'<div class="wm-map-item-name">{sign}{linked}{number}</div>',
    ]
    if card.mark:
        shown = f'<span aria-hidden="true">{escape(card.mark.sign)}</span> {escape(card.mark.name)}'
        parts.append(f'<div><span class="wm-class wm-class-{card.mark.role}">{shown}</span></div>')
    if about := " · ".join(escape(text) for text in (card.about, card.note) if text):
        parts.append(f'<div class="wm-map-item-about">{about}</div>')
    if card.lived:
        facts = [
            card.lived.brief,
            *([f"{words['experience']} {card.lived.experience_text}"] if card.lived.experience_text else []),
            *([f"{words['drop_off']} {card.lived.drop_off_text}"] if card.lived.drop_off_text else []),
        ]
        parts.append(f"<div>{escape(' · '.join(facts))}</div>")
    if card.happens and card.happens.said and card.number:
        parts.append(f"<div>{escape(card.happens.said)}</div>")
    if move_url and card.movable and card.number:
        join = "&" if "?" in move_url else "?"
        address = escape(f"{move_url}{join}move={quote(card.key, safe='')}#move")
        hidden = f'<span class="visually-hidden">: {name}</span>'
        parts.append(f'<a class="wm-map-item-move" href="{address}">{escape(words["move"])}{hidden}</a>')
    return "".join((*parts, "</li>"))
