"""What a file can be refused for: always with the place and, where there is one, a way out."""

from __future__ import annotations

from django.utils.translation import gettext as _


class FileError(ValueError):
    """A file that cannot be read as asked.

    `line` counts from 1 as an editor does; `column` is the name of a column, or a place in the line counted
    from 1. `hint` names an option of the command line that helps; pages have their own ways and leave it out.
    """

    def __init__(
        self,
        file: str,
        message: str,
        *,
        line: int | None = None,
        column: str | int | None = None,
        hint: str = "",
    ) -> None:
        """Keep the parts; `str()` puts them together."""
        super().__init__(message)
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.hint = hint

    @property
    def place(self) -> str:
        """Return file, line and column as one text."""
        parts = [self.file]
        if self.line is not None:
            parts.append(_("line %(line)s") % {"line": self.line})
        if isinstance(self.column, int):
            parts.append(_("column %(column)s") % {"column": self.column})
        elif self.column is not None:
            parts.append(_("column “%(column)s”") % {"column": self.column})
        return ", ".join(parts)

    def __str__(self) -> str:
        """Return place, message and hint."""
        text = f"{self.place}: {self.message}"
        return f"{text} {self.hint}" if self.hint else text
