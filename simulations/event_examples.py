"""Events of every kind that are nearly all right, for simulations to send and to spoil."""

from __future__ import annotations

EVENTS: tuple[dict[str, object], ...] = (
    {
        "type": "track",
        "userId": "u",
        "event": "Order Completed",
        "properties": {"revenue": 1.5, "n": [1, {}]},
    },
    {"type": "identify", "userId": "u", "anonymousId": "a", "traits": {"email": "a@b.example", "age": 3}},
    {
        "type": "page",
        "anonymousId": "a",
        "name": "Home",
        "context": {"page": {"url": "https://b.example/?q"}},
    },
    {"type": "group", "userId": "u", "groupId": "g", "traits": {"name": "\u00e4\ud83d\ude00"}},
    {"type": "alias", "userId": "u", "previousId": "v", "timestamp": "2026-03-01T10:00:00+02:00"},
    {"type": "screen", "userId": "", "messageId": "m", "sentAt": "0001-01-01", "timestamp": 9e99},
)
