"""Values of webhooks."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

HOOK: Final = "hook"
"""The kind of a batch in the inbox that holds bodies of a webhook."""


class Scheme(StrEnum):
    """How a sender proves who it is."""

    STANDARD = "standard"  # Standard Webhooks: id, time and body are signed
    STAMPED = "stamped"  # t=…,v1=… in one header, as Stripe does: time and body are signed
    BODY = "body"  # hexadecimal HMAC-SHA256 of the body in one header, as GitHub does
    MAIL = "mail"  # as the mail provider does


class NoSuchWebhookError(LookupError):
    """The source has no webhook."""


@dataclass(frozen=True, slots=True)
class HookMapping:
    """Where a body says what: dotted paths, `|` between alternatives; empty where it says nothing of it.

    `event_name` stands before what the path `event` gives. Without `time` it is when the body came.
    `properties` are name and path.
    """

    person: str = ""
    event: str = ""
    event_name: str = ""
    time: str = ""
    value: str = ""
    id: str = ""
    properties: tuple[tuple[str, str], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return plain values that JSON can hold."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> HookMapping:
        """Take what `as_dict` gave, after it went through JSON."""
        known = {key: values[key] for key in cls.__dataclass_fields__ if key in values}
        known["properties"] = tuple((name, path) for name, path in known.get("properties", ()))
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Hook:
    """One webhook as its page shows it."""

    source: int
    source_name: str
    token: str
    scheme: Scheme
    header: str
    provider: str
    mapping: HookMapping


@dataclass(frozen=True, slots=True)
class Tried:
    """What a mapping makes of one body: the event, or why it would be refused."""

    body: str
    person: str = ""
    event: str = ""
    time: str = ""
    value: str = ""
    properties: str = ""
    problem: str = ""
