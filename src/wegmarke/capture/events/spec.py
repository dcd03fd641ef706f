"""The fields of a message, as the Segment specification names them, and nothing we do not use."""

from __future__ import annotations

from typing import Any

import msgspec


class Event(msgspec.Struct, rename="camel"):
    """One message as clients send it.

    Ids may be numbers, as some clients send them; `timestamp` and the context are looked at more closely than
    types can say, so they take anything here.
    """

    type: str = ""
    message_id: str | int | None = None
    user_id: str | int | None = None
    anonymous_id: str | int | None = None
    previous_id: str | int | None = None
    group_id: str | int | None = None
    event: str | None = None
    name: str | None = None
    category: str | None = None
    properties: dict[str, Any] | None = None
    traits: dict[str, Any] | None = None
    timestamp: str | None = None
    original_timestamp: str | None = None
    context: Any = None
    sent_at: Any = None
