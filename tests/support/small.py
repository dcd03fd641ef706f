"""The smallest plan there is something to say about."""

SMALL = "name: Laden\ntouchpoints:\n  - {key: kasse, name: {de: Bezahlen, en: Payment}, channel: web}\n"
