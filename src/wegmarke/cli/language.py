"""The language of the command line, without Django, so that `--help` is there at once.

Texts of this room come from its own catalogue through the standard library; those of the rooms below come
through Django once a command needs them, in the same language.
"""

from __future__ import annotations

import os
from gettext import NullTranslations, bindtextdomain, textdomain, translation
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LANGUAGES = ("de", "en")
_DOMAIN = "django"
_LOCALE = Path(__file__).parent / "locale"


class _Spoken:
    """The one language this process speaks."""

    language = "en"
    texts: NullTranslations = NullTranslations()


def wanted(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return the language asked for by `--lang`, else that of the locale, else English."""
    for place, argument in enumerate(arguments):
        if argument == "--lang" and place + 1 < len(arguments):
            return _known(arguments[place + 1])
        if argument.startswith("--lang="):
            return _known(argument.removeprefix("--lang="))
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(variable):
            return _known(environment[variable])
    return "en"


def _known(name: str) -> str:
    short = name[:2].lower()
    return short if short in LANGUAGES else "en"


def speak(language: str) -> None:
    """Speak this language from now on."""
    _Spoken.language = language
    _Spoken.texts = translation(_DOMAIN, _LOCALE, [language], fallback=True)
    # click asks the standard library, which asks the environment
    os.environ["LANGUAGE"] = language
    bindtextdomain(_DOMAIN, _LOCALE)
    textdomain(_DOMAIN)


def spoken() -> str:
    """Return the language in use."""
    return _Spoken.language


def gettext(text: str) -> str:
    """Return a text in the language in use."""
    return _Spoken.texts.gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """Return the text for so many, in the language in use."""
    return _Spoken.texts.ngettext(one, many, count)


def prepare_django() -> None:
    """Set up what the rooms below need of Django: texts, formats, templates. No database, no site."""
    from importlib.util import find_spec

    import django
    from django.conf import settings
    from django.utils import translation as django_translation

    if not settings.configured:
        package = Path(find_spec("wegmarke").origin).parent  # type: ignore[union-attr,arg-type] # a package
        rooms = sorted(room.parent for room in package.glob("*/__init__.py"))
        settings.configure(
            USE_I18N=True,
            USE_TZ=True,
            TIME_ZONE="UTC",
            USE_THOUSAND_SEPARATOR=True,
            LANGUAGE_CODE="en",
            LOCALE_PATHS=[str(room / "locale") for room in rooms if (room / "locale").is_dir()],
            INSTALLED_APPS=[],
            TEMPLATES=[
                {
                    "BACKEND": "django.template.backends.django.DjangoTemplates",
                    "DIRS": [str(room / "templates") for room in rooms if (room / "templates").is_dir()],
                    "OPTIONS": {"libraries": _template_libraries(rooms)},
                }
            ],
        )
        django.setup()
    django_translation.activate(spoken())


def _template_libraries(rooms: Sequence[Path]) -> dict[str, str]:
    """Return the template tags of the rooms by name; without installed apps Django does not look for them."""
    return {
        module.stem: f"wegmarke.{room.name}.templatetags.{module.stem}"
        for room in rooms
        for module in (room / "templatetags").glob("*.py")
        if module.stem != "__init__"
    }
