"""Forms as a browser without scripts would send them."""

from __future__ import annotations

from html.parser import HTMLParser


class _Fields(HTMLParser):
    """Collects the fields of one form, each as a browser submits it; buttons are left out."""

    def __init__(self, form: str) -> None:
        super().__init__(convert_charrefs=True)
        self.form = form
        self.inside = False
        self.fields: dict[str, list[str]] = {}
        self.select = self.textarea = None
        self.first_option = None
        self.chosen = False

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("id") == self.form
        if not self.inside:
            return
        name = given.get("name")
        if tag == "input" and name and given.get("type") not in {"submit", "button"}:
            if given.get("type") in {"checkbox", "radio"} and "checked" not in given:
                return
            self._add(name, given.get("value", "") or "")
        elif tag == "select":
            self.select, self.first_option, self.chosen = name, None, False
        elif tag == "option" and self.select:
            value = given.get("value", "") or ""
            self.first_option = value if self.first_option is None else self.first_option
            if "selected" in given:
                self._add(self.select, value)
                self.chosen = True
        elif tag == "textarea":
            self.textarea = (name, [])

    def handle_data(self, data):
        if self.inside and self.textarea:
            self.textarea[1].append(data)

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        if tag == "select" and self.select:
            if not self.chosen and self.first_option is not None:
                self._add(self.select, self.first_option)
            self.select = None
        if tag == "textarea" and self.textarea:
            name, parts = self.textarea
            text = "".join(parts)
            text = text.removeprefix("\n") if text.startswith("\n") else text.removeprefix("\r\n")
            self._add(name, text.replace("\r\n", "\n").replace("\n", "\r\n"))
            self.textarea = None

    def _add(self, name, value):
        self.fields.setdefault(name, []).append(value)


def fields_of(page: str, form: str) -> dict[str, list[str]]:
    """Return the fields of the form with this id, as they would be sent."""
    parser = _Fields(form)
    parser.feed(page)
    parser.fields.pop("csrfmiddlewaretoken", None)
    return parser.fields
