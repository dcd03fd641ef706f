"""The texts of click that people meet, named here so that our catalogue translates them.

click asks the standard library for them; `language.speak` points it to our catalogue.
"""

from __future__ import annotations


def gettext_noop(text: str) -> str:
    """Mark a text for translation; click translates it."""
    return text


WORDS = (
    gettext_noop("Usage:"),
    gettext_noop("Options"),
    gettext_noop("Commands"),
    gettext_noop("Show this message and exit."),
    gettext_noop("Try '{command} {option}' for help."),
    gettext_noop("Error: {message}"),
    gettext_noop("Aborted!"),
    gettext_noop("Invalid value: {message}"),
    gettext_noop("Invalid value for {param_hint}: {message}"),
    gettext_noop("Missing argument"),
    gettext_noop("Missing option"),
    gettext_noop("Missing command."),
    gettext_noop("No such option {name!r}."),
    gettext_noop("No such command {name!r}."),
    gettext_noop("{value!r} is not a valid {number_type}."),
    gettext_noop("{value} is not in the range {range}."),
    gettext_noop("Option {name!r} does not take a value."),
)
