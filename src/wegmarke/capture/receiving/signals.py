"""Honour Global Privacy Control and Do Not Track before anything is kept: nothing says any more who it was.

Pure. Of what happened the event stays, under an id made from its own message id: sent again it is the same
event, and no two events are of the same visitor. What only says who somebody is (identify, group, alias) is
declined, as is everything where the source declines such visitors. A no in a consent banner is kept with its
id, for it can be honoured only if it is known whose it is.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, Final

import msgspec

from wegmarke.capture.events.consenting import CHOICES
from wegmarke.capture.receiving.envelope import TYPES

HEADERS: Final = ("sec-gpc", "dnt")
_NAMES: Final = ("gpc", "globalPrivacyControl", "doNotTrack")
_QUOTED: Final = tuple(f'"{name}"'.encode() for name in _NAMES)
_HAPPENED: Final = frozenset({"track", "page", "screen"})
_ABOUT_PERSONS: Final = frozenset(TYPES.values()) - _HAPPENED
_KEPT: Final = ("type", "messageId", "timestamp", "originalTimestamp", "sentAt")
_SAID: Final = ("event", "name", "category")
_WHO: Final = frozenset({"userid", "user_id", "anonymousid", "anonymous_id", "email", "phone", "traits"})
_EMPTY: Final = b'{"batch":[]}'


def mentioned(content: bytes) -> bool:
    """Say whether a body may tell of such a signal by itself; a search for three words."""
    return any(name in content for name in _QUOTED)


def honour(content: bytes, *, kind: str, events: int, everyone: bool, decline: bool) -> tuple[bytes, int]:
    """Return the body to keep and how many of its events were declined.

    `everyone`: the signal came with the request, else only events that carry it are meant. What cannot be
    read is declined as a whole.
    """
    try:
        body = msgspec.json.decode(content)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return _EMPTY, events
    found = [body] if kind else body["batch"]
    read = [_honoured(one, kind, decline=decline) if everyone or _signals(one) else one for one in found]
    kept = [one for one in read if one is not None]
    declined = len(read) - len(kept)
    if kind:
        return (msgspec.json.encode(kept[0]), 0) if kept else (_EMPTY, 1)
    around = {"sentAt": body["sentAt"]} if "sentAt" in body else {}
    return msgspec.json.encode({"batch": kept, **around}), declined


def _signals(event: Any) -> bool:  # noqa: ANN401 - anything that is JSON
    context = event.get("context") if isinstance(event, dict) else None
    return isinstance(context, dict) and any(context.get(name) in (True, 1, "1", "true") for name in _NAMES)


def _honoured(event: Any, kind: str, *, decline: bool) -> Any:  # noqa: ANN401 - anything that is JSON
    """Return an event without who it was; None where nothing of it is to be kept."""
    if not isinstance(event, dict):
        return None
    called = event.get("type") or kind
    if not isinstance(called, str) or not isinstance(event.get("event", ""), str):
        return None  # it would be refused, and what is refused is kept to be looked at
    if called == "track" and event.get("event") in CHOICES:
        return _nos(event)
    if decline or called in _ABOUT_PERSONS:
        return None
    kept = {name: event[name] for name in (*_KEPT, *_SAID) if isinstance(event.get(name), str)}
    context = event.get("context")
    if isinstance(context, dict):
        kept["context"] = {name: context[name] for name in ("page", "campaign") if name in context}
    properties = event.get("properties")
    if isinstance(properties, dict):
        kept["properties"] = {name: value for name, value in properties.items() if name.lower() not in _WHO}
    return kept | {"anonymousId": _nobody(event)}


def _nos(event: dict[str, Any]) -> dict[str, Any] | None:
    """Return what somebody refused in a banner, with their id and nothing else."""
    context = event.get("context")
    consent = context.get("consent") if isinstance(context, dict) else None
    told = consent.get("categoryPreferences") if isinstance(consent, dict) else None
    nos = {name: agreed for name, agreed in told.items() if agreed is False} if isinstance(told, dict) else {}
    ids = ((name, event.get(name)) for name in ("userId", "anonymousId"))
    who = next(({name: one} for name, one in ids if one and isinstance(one, str | int)), None)
    if not nos or who is None:
        return None
    kept = {name: event[name] for name in (*_KEPT, "event") if isinstance(event.get(name), str)}
    return kept | who | {"context": {"consent": {"categoryPreferences": nos}}}


def _nobody(event: dict[str, Any]) -> str:
    """Return an id that is this event's alone, and the same whenever the event is sent again."""
    named = msgspec.json.encode(event.get("messageId") or event, order="deterministic")
    return f"~{blake2b(named, digest_size=16).hexdigest()}"
