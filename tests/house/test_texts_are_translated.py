"""Every text a person sees is in the German catalogue of its room, and the check for it can fail."""

from __future__ import annotations

import pytest

SOURCE = """\
from django.utils.translation import gettext as _, ngettext, pgettext

def greet(name, count):
    # Translators: the first line of the page
    print(_("Hello %(name)s") % {"name": name})
    print(ngettext("%(n)d event", "%(n)d events", count) % {"n": count})
    print(pgettext("month", "May"), _("one " "sentence"))
"""
TEMPLATE = """\
{% load i18n %}
<h1 title="{% translate 'A title' %}">{% translate "Welcome" context "page" %}</h1>
{% blocktranslate trimmed with who=user.name %}
  Dear {{ who }},
  welcome.
{% endblocktranslate %}
{{ _("In a variable") }} it's (not a "text")
"""
CATALOGUE = """\
msgid ""
msgstr ""
"Language: de\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Hello %(name)s"
msgstr "Guten Tag, %(name)s"

msgid "%(n)d event"
msgid_plural "%(n)d events"
msgstr[0] "ein Ereignis"
msgstr[1] "%(n)d Ereignisse"

msgctxt "month"
msgid "May"
msgstr "Mai"

msgid "one sentence"
msgstr "ein Satz"

msgid "A title"
msgstr "Ein Titel"

msgctxt "page"
msgid "Welcome"
msgstr "Willkommen"

msgid "Dear %(who)s, welcome."
msgstr "Willkommen, %(who)s."

msgid "In a variable"
msgstr "In einer Variablen"
"""


@pytest.fixture
def house(tmp_path):
    """Return a house of one room with texts of every kind."""
    room = tmp_path / "src" / "wegmarke" / "hall"
    (room / "templates" / "hall").mkdir(parents=True)
    (room / "__init__.py").touch()
    (room / "greeting.py").write_text(SOURCE, encoding="utf-8")
    (room / "templates" / "hall" / "page.html").write_text(TEMPLATE, encoding="utf-8")
    furnish(room, CATALOGUE.replace("ein Ereignis", "%(n)d Ereignis"))
    return tmp_path


def furnish(room, catalogue):
    path = room / "locale" / "de" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(catalogue, encoding="utf-8")
    return path


def test_every_text_of_this_repository_is_translated(messages, repository):
    assert messages.check(repository) == []


def test_a_complete_catalogue_passes(messages, house):
    assert messages.check(house) == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"In einer Variablen"', '""', "has no translation"),
        ('msgstr[1] "%(n)d Ereignisse"', 'msgstr[1] ""', "has no translation"),
        ('msgid "A title"\nmsgstr "Ein Titel"\n', "", "not in the catalogue: 'A title'"),
        ('msgctxt "page"\n', "", "not in the catalogue: 'Welcome'"),
        ('msgid "A title"', '#, fuzzy\nmsgid "A title"', "is marked as fuzzy"),
        ("Guten Tag, %(name)s", "Guten Tag, %(nam)s", "placeholders"),
        ("Guten Tag, %(name)s", "Guten Tag", "placeholders"),
        ("Willkommen, %(who)s.", "Willkommen, <b>%(who)s</b>.", "tags"),
        ('"ein Satz"', '"ein Satz "', "outer spaces"),
        ('msgid "A title"', 'msgid "Gone"\nmsgstr "Fort"\n\nmsgid "A title"', "in no source"),
    ],
)
def test_each_flaw_of_a_catalogue_is_found(messages, house, old, new, complaint):
    catalogue = CATALOGUE.replace("ein Ereignis", "%(n)d Ereignis")
    assert old in catalogue
    furnish(house / "src" / "wegmarke" / "hall", catalogue.replace(old, new))
    assert any(complaint in found for found in messages.check(house))


def test_two_rooms_may_not_translate_one_text_differently(messages, house):
    room = house / "src" / "wegmarke" / "attic"
    room.mkdir()
    (room / "__init__.py").write_text('TITLE = _("A title")\n', encoding="utf-8")
    furnish(room, 'msgid ""\nmsgstr ""\n"Language: de\\n"\n\nmsgid "A title"\nmsgstr "Eine Überschrift"\n')
    (complaint,) = messages.check(house)
    assert "Eine Überschrift" in complaint
    assert "Ein Titel" in complaint


def test_gathering_adds_new_texts_drops_old_ones_and_keeps_translations(messages, house):
    room = house / "src" / "wegmarke" / "hall"
    path = furnish(
        room, CATALOGUE.replace('msgid "A title"\nmsgstr "Ein Titel"\n', 'msgid "Gone"\nmsgstr "Fort"\n')
    )
    assert messages.update(room, house) == 1
    text = path.read_text(encoding="utf-8")
    assert 'msgid "A title"\nmsgstr ""' in text
    assert "Gone" not in text
    assert "Guten Tag, %(name)s" in text
    assert "the first line of the page" in text


def test_gathering_twice_changes_nothing(messages, house):
    room = house / "src" / "wegmarke" / "hall"
    messages.update(room, house)
    once = (room / messages.CATALOGUE).read_bytes()
    messages.update(room, house)
    assert (room / messages.CATALOGUE).read_bytes() == once


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("%(a)s and %(b)s", "%(b)s und %(a)s"),
        ("20 % der Kunden", "20 % of customers"),
        ("{a:.1f} %%", "%% {a:.1f}"),
    ],
)
def test_placeholders_may_change_places(messages, text, same):
    assert messages._shape(text) == messages._shape(same)
