"""Shapes of a document: the words in which its format is described once, for reader and schema."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Words:
    """A text."""

    about: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """A whole or decimal number."""

    about: str = ""
    above: float | None = None
    below: float | None = None
    least: float | None = None


@dataclass(frozen=True, slots=True)
class Truth:
    """True or false."""

    about: str = ""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, a number, true or false."""

    about: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar, written as 2026-12-31."""

    about: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    words: tuple[str, ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Many:
    """A list; `or_one` lets a single entry stand without one."""

    each: Shape
    about: str = ""
    least: int = 0
    or_one: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """Keys with values.

    `exactly_one` names keys of which one and only one must be there, `at_most_one` those of which one may.
    `renamed` leads from keys of earlier releases to those of today.
    """

    fields: Mapping[str, Shape]
    required: tuple[str, ...] = ()
    exactly_one: tuple[str, ...] = ()
    at_most_one: tuple[str, ...] = ()
    about: str = ""
    renamed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Either:
    """A plain value or keys with values; which of the records is told by the key it must have."""

    plain: Words | None
    records: tuple[Record, ...]
    about: str = ""


Shape = Words | Number | Truth | Scalar | Day | Choice | Many | Record | Either
