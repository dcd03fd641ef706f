"""What one message says: who, when, and what of it the record keeps.

Kept are the event with its properties, the traits, the page and the campaign. Left out is what identifies a
device: network address, user agent, advertising ids; and the query of an address, which may hold anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import msgspec

from wegmarke.capture.events.clock import TimeError, happened_at, parsed, sent
from wegmarke.capture.events.consenting import preferences_of
from wegmarke.capture.events.contracts import Group, Happened, Link, Message, Reason, Refusal
from wegmarke.people import identifiers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from wegmarke.capture.events.contracts import Circumstances
    from wegmarke.capture.events.spec import Event

MOST_BYTES: Final = 32 * 1024
"""Of one event, as the Segment specification has it."""

MOST_ID: Final = 255
MOST_NAME: Final = 200
MOST_TRAIT: Final = 1_000
PAGE_VIEWED: Final = "Page Viewed"
SCREEN_VIEWED: Final = "Screen Viewed"
ACCOUNT: Final = "account"

_LARGEST: Final = 3.4e38
_OLD_NAMES: Final[Mapping[str, str]] = {
    "Viewed Product Category": "Product List Viewed",
    "Viewed Product": "Product Viewed",
    "Added Product": "Product Added",
    "Removed Product": "Product Removed",
    "Viewed Checkout Step": "Checkout Step Viewed",
    "Completed Checkout Step": "Checkout Step Completed",
    "Completed Order": "Order Completed",
    "Refunded Order": "Order Refunded",
}
"""Names of the first version of the Ecommerce specification, and what they are called since."""
_SCALES: Final = frozenset({"csat", "ces", "nps", "bad-neutral-good"})
_PAGE: Final = ("path", "title", "referrer", "url")
_VALUES: Final = ("value", "revenue", "total")
_ENCODER: Final = msgspec.json.Encoder()
_DETERMINISTIC: Final = msgspec.json.Encoder(order="deterministic")


class RefusedError(Exception):
    """One event cannot be taken."""

    def __init__(self, reason: Reason, detail: str) -> None:
        """Keep the reason and what exactly."""
        super().__init__(detail)
        self.refusal = Refusal(reason, detail)


def message_of(event: Event, around: Circumstances, sent_at: datetime | None) -> Message:
    """Return what an event says. Raises `RefusedError`."""
    kind = event.type or around.type
    says = _SAYS.get(kind)
    if says is None:
        raise RefusedError(Reason.UNKNOWN_TYPE, f"type {kind[:40]!r}: one of {', '.join(_SAYS)} is needed")
    person, link = _who(event, kind)
    happened, traits = says(event)
    time, stamped = _when(event, around, sent_at)
    agreed, chosen = preferences_of(event)
    return Message(
        person=person,
        time=time,
        stamped=stamped,
        message_id=_id(event.message_id, "messageId"),
        content=_content(event, kind),
        happened=happened,
        traits=traits,
        link=link,
        agreed=agreed,
        chosen=chosen,
        account=_account(event) if kind == "group" else None,
    )


def _when(event: Event, around: Circumstances, sent_at: datetime | None) -> tuple[datetime, datetime | None]:
    """Return when it happened by our clock, and by the client's."""
    stamp = event.original_timestamp or event.timestamp
    try:
        stamped = parsed(stamp) if stamp else None
        time = happened_at(stamped, sent_at=sent_at or sent(event.sent_at), received_at=around.received_at)
    except TimeError as error:
        raise RefusedError(Reason.TIME, str(error)) from error
    return time, stamped


def _content(event: Event, kind: str) -> bytes:
    """Return what makes two messages with one id the same: all but how and when they were sent."""
    content = _DETERMINISTIC.encode(
        (
            kind,
            event.user_id,
            event.anonymous_id,
            event.previous_id,
            event.group_id,
            event.event,
            event.name,
            event.category,
            event.properties,
            event.traits or (_traits_in_context(event) if kind == "identify" else None),
            event.original_timestamp or event.timestamp,
        )
    )
    if len(content) > MOST_BYTES:
        raise RefusedError(Reason.TOO_LONG, f"the event has {len(content)} bytes; {MOST_BYTES} are allowed")
    return content


def _who(event: Event, kind: str) -> tuple[str, Link | None]:
    """Return whose event it is, and what the message says of two identifiers being one person."""
    user = _id(event.user_id, "userId")
    visitor = _id(event.anonymous_id, "anonymousId")
    if kind == "alias":
        return _alias(user or visitor, _id(event.previous_id, "previousId"), known=user is not None)
    if user is None:
        if visitor is None:
            raise RefusedError(Reason.NOBODY, "neither userId nor anonymousId is given")
        return identifiers.visitor(visitor), None
    person = identifiers.known(user)
    if visitor is None:
        return person, None
    return person, Link(identifiers.visitor(visitor), person, kind)


def _alias(now: str | None, before: str | None, *, known: bool) -> tuple[str, Link]:
    """Take the id that was used before, a visitor's as a rule, and the one used from now on."""
    if now is None or before is None:
        raise RefusedError(Reason.NOBODY, "an alias needs userId and previousId")
    person = identifiers.known(now) if known else identifiers.visitor(now)
    return person, Link(identifiers.visitor(before), person, "alias")


def _id(value: str | int | None, field: str) -> str | None:
    if value is None or value == "":
        return None
    text = _storable(str(value))
    if len(text) > MOST_ID:
        raise RefusedError(Reason.TOO_LONG, f"{field} has {len(text)} characters; {MOST_ID} are allowed")
    return text or None


def _track(event: Event) -> _Said:
    name = _name(event.event)
    if not name:
        raise RefusedError(Reason.NO_NAME, "a track needs the name of its event")
    properties = dict(event.properties or {})
    return _happened(_OLD_NAMES.get(name, name), event, properties, page=False), {}


def _page(event: Event) -> _Said:
    return _happened(PAGE_VIEWED, event, _named(event), page=True), {}


def _screen(event: Event) -> _Said:
    return _happened(SCREEN_VIEWED, event, _named(event), page=True), {}


def _identify(event: Event) -> _Said:
    return None, _traits(event.traits or _traits_in_context(event))


def _traits_in_context(event: Event) -> Mapping[str, Any] | None:
    """Return what a person is like as the clients of RudderStack say it."""
    found = event.context.get("traits") if isinstance(event.context, dict) else None
    return found if isinstance(found, dict) else None


def _group(event: Event) -> _Said:
    group = _id(event.group_id, "groupId")
    if group is None:
        raise RefusedError(Reason.NO_NAME, "a group needs its groupId")
    return None, {ACCOUNT: group, **{f"{ACCOUNT}.{key}": text for key, text in _traits(event.traits).items()}}


def _account(event: Event) -> Group:
    """Return which account a group message names; `_group` has refused one without."""
    return Group(_id(event.group_id, "groupId") or "", _traits(event.traits))


def _said_nothing(_event: Event) -> _Said:
    return None, {}


_Said = tuple[Happened | None, "Mapping[str, str | None]"]
_SAYS: Final[Mapping[str, Callable[[Event], _Said]]] = {
    "track": _track,
    "page": _page,
    "screen": _screen,
    "identify": _identify,
    "group": _group,
    "alias": _said_nothing,
}


def _named(event: Event) -> dict[str, Any]:
    properties = dict(event.properties or {})
    for key, text in (("name", event.name), ("category", event.category)):
        if text:
            properties.setdefault(key, text)
    return properties


def _happened(name: str, event: Event, properties: dict[str, Any], *, page: bool) -> Happened:
    _add_context(properties, event.context, page=page)
    rating, scale = _rating(properties)
    return Happened(
        name=name,
        properties=_ENCODER.encode(properties).decode() if properties else None,
        value=_first_number(properties),
        rating=rating,
        scale=scale,
    )


def _add_context(properties: dict[str, Any], context: object, *, page: bool) -> None:
    """Add where it happened and which campaign led there, unless the event says so itself."""
    if isinstance(context, dict):
        seen = context.get("page")
        if isinstance(seen, dict):
            for key in _PAGE if page else _PAGE[:1]:
                text = seen.get(key)
                if isinstance(text, str) and text:
                    properties.setdefault(key, text)
        campaign = context.get("campaign")
        if isinstance(campaign, dict) and campaign:
            properties.setdefault("campaign", campaign)
    properties.pop("search", None)
    for key in ("url", "referrer"):
        if isinstance(properties.get(key), str):
            properties[key] = _without_query(properties[key])


def _without_query(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return parts._replace(query="", fragment="").geturl()


def _first_number(properties: Mapping[str, Any]) -> float | None:
    for key in _VALUES:
        if key in properties and (number := _number(properties[key])) is not None:
            return number
    return None


def _number(value: object) -> float | None:
    """Return a number that 32 bits can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > _LARGEST:
        return None
    return float(value)


def _rating(properties: Mapping[str, Any]) -> tuple[float | None, str | None]:
    scale = properties.get("scale")
    rating = _number(properties.get("rating"))
    if rating is None or not isinstance(scale, str) or scale.lower() not in _SCALES:
        return None, None
    return rating, scale.lower()


def _traits(traits: Mapping[str, Any] | None) -> dict[str, str | None]:
    """Return traits as texts, nested ones by dotted names; lists as JSON."""
    flat: dict[str, str | None] = {}
    open_traits: list[tuple[str, object]] = list((traits or {}).items())
    while open_traits:
        name, value = open_traits.pop(0)
        if isinstance(value, dict):
            open_traits.extend((f"{name}.{key}", inner) for key, inner in value.items())
            continue
        name, text = _storable(name), _text(value)
        if len(name) > MOST_NAME or (text is not None and len(text) > MOST_TRAIT):
            raise RefusedError(Reason.TOO_LONG, f"trait {name[:40]!r} is longer than {MOST_TRAIT} characters")
        flat[name] = text
    return flat


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, bool):
        return "true" if value else "false"
    return _ENCODER.encode(value).decode()


def _storable(text: str) -> str:
    """Leave out what no database keeps as text, and spaces at the ends."""
    return text.replace("\0", "").strip()


def _name(name: str | None) -> str:
    text = _storable(name or "")
    if len(text) > MOST_NAME:
        raise RefusedError(
            Reason.TOO_LONG, f"the name of the event has {len(text)} characters; {MOST_NAME} are allowed"
        )
    return text
