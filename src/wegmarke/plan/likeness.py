"""Which names of touchpoints mean the same, or may do: German and English, with typing mistakes. Pure.

A name is reduced to its words: without case, accents, filler words and the endings of plurals and cases, with
one spelling for what has several (E-Mail and Mail). Names with the same words in any order, or written
together, are the same. Names are near where one word differs by a typing mistake. They are not where the
difference has a meaning of its own: another number, or one of the short words and prefixes that turn a
meaning round (an and ab, in and out, un and nothing).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise, product
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "oe"})
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")
_FILLERS = frozenset(
    {
        *("der", "die", "das", "den", "dem", "des", "ein", "eine", "einer", "eines", "einem", "einen"),
        *("und", "im", "am", "beim", "zum", "zur", "per", "via", "fur", "bei", "von", "vom"),
        *("the", "a", "of", "and", "for", "by", "at"),
    }
)
_ONE_SPELLING = (
    (re.compile(r"\be[\W_]*mail"), "mail"),
    (re.compile(r"(?<=[a-z])email"), "mail"),
    (re.compile(r"\btel\b|\btelephone|\btelefonisch\w*"), "telefon"),
    (re.compile(r"web\s?-?seite"), "website"),
)
_ENDING = re.compile(r"(?<=...)(?:e[ns]|e|(?<=[lr])n|(?<!s)s)$")
"""Endings of plurals and cases, German and English, taken off while three letters are left."""
_LINKING = 1
"""A linking letter between the parts of a German word, as in Willkommens-Mail."""

_TURNING = (
    "an",
    "ab",
    "auf",
    "aus",
    "ein",
    "ent",
    "in",
    "out",
    "on",
    "off",
    "up",
    "down",
    "vor",
    "nach",
    "be",
    "ver",
)
_DENYING = ("un", "in", "re", "de", "dis", "non", "nicht", "ent", "ver")
_ONE_MISTAKE_FROM, _TWO_MISTAKES_FROM = 6, 13


@dataclass(frozen=True, slots=True)
class Shape:
    """A name reduced to what counts: its words with their stems in their order, and the numbers in it."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    numbers: tuple[str, ...]
    together: str
    """The words as one, without its ending."""
    sorted: tuple[str, ...]
    """The stems in any order."""


@lru_cache(maxsize=100_000)
def shape_of(name: str) -> Shape:
    """Reduce a name; one without any word is its own shape."""
    plain = unicodedata.normalize("NFKC", name).casefold().translate(_UMLAUTS)
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", plain))
    for pattern, spelling in _ONE_SPELLING:
        plain = pattern.sub(spelling, plain)
    # Plurals change vowels (Laden, Läden), and umlauts are written in two ways.
    found = [re.sub(r"(?<=[aou])e", "", word) for word in _WORD.findall(plain)]
    words = [word for word in found if word not in _FILLERS]
    words = words or found or [plain.strip()]
    stems = tuple(map(_stem, words))
    numbers = tuple(sorted(_DIGITS.findall(" ".join(words))))
    return Shape(tuple(words), stems, numbers, _stem("".join(words)), tuple(sorted(stems)))


def _stem(word: str) -> str:
    word = re.sub(r"(?<=..)ies$", "y", word)
    while shorter := _ENDING.search(word):
        word = word[: shorter.start()]
    return word


def same(one: str, other: str) -> bool:
    """Say whether two names are the same in all that counts."""
    return _same(shape_of(one), shape_of(other))


def near(one: str, other: str) -> bool:
    """Say whether two names are the same or differ by what may be a typing mistake."""
    a, b = shape_of(one), shape_of(other)
    return _same(a, b) or _near(a, b)


def _same(a: Shape, b: Shape) -> bool:
    return a.sorted == b.sorted or a.together == b.together


def _near(a: Shape, b: Shape) -> bool:
    if a.numbers != b.numbers:
        return False
    left, right = _left_over(a, b), _left_over(b, a)
    if len(left) == len(right) == 1:
        return _mistyped(left[0], right[0])
    if len(a.stems) == len(b.stems):
        return False
    # Written together here and apart there, perhaps with a linking letter.
    one, other = a.together, b.together
    long_enough = min(len(one), len(other)) >= _ONE_MISTAKE_FROM
    return long_enough and OSA.distance(one, other, score_cutoff=_LINKING) <= _LINKING


def _left_over(a: Shape, b: Shape) -> list[str]:
    """Return the words of `a` whose stems `b` does not have, each as often as it has one more."""
    there = Counter(b.stems)
    left = []
    for word, stem in zip(a.words, a.stems, strict=True):
        if there[stem]:
            there[stem] -= 1
        else:
            left.append(word)
    return left


def _mistyped(one: str, other: str) -> bool:
    allowed = _allowed(min(len(one), len(other)))
    if OSA.distance(one, other, score_cutoff=allowed) > allowed:
        return False
    return not (_turned(one, other) or _turned(other, one))


def _allowed(length: int) -> int:
    """Return how many typing mistakes a word of this length may have."""
    return (length >= _ONE_MISTAKE_FROM) + (length >= _TWO_MISTAKES_FROM)


def _turned(one: str, other: str) -> bool:
    """Say whether the difference of two words is one that turns the meaning round."""
    pairs = [*product(_TURNING, _TURNING), *((word, "") for word in _DENYING)]
    return any(
        one[: at.start()] + instead + one[at.end() :] == other
        for word, instead in pairs
        if word != instead
        for at in re.finditer(word, one)
    )


@dataclass(frozen=True, slots=True)
class Alike:
    """Something known with a name that is the same (`same`) or near."""

    key: str
    same: bool


class Known:
    """Names to compare with: answers for each new one which of them are alike, without comparing all.

    Two words with few mistakes between them have a part in common, if both are cut into enough parts; only
    names with such a part are compared.
    """

    def __init__(self, names: Iterable[tuple[str, str]] = ()) -> None:
        """Know these (key, name)."""
        self._shapes: dict[str, list[Shape]] = {}
        self._order: dict[str, int] = {}
        self._places: dict[object, dict[str, None]] = defaultdict(dict)
        for key, name in names:
            self.add(key, name)

    def add(self, key: str, name: str) -> None:
        """Know one more; a key may have several names."""
        shape = shape_of(name)
        self._order.setdefault(key, len(self._order))
        if shape not in self._shapes.setdefault(key, []):
            self._shapes[key].append(shape)
            for place in _filed(shape):
                self._places[place][key] = None

    def alike(self, name: str) -> tuple[Alike, ...]:
        """Return what is alike, the same before the near, each in the order it came to be known."""
        shape = shape_of(name)
        found = dict.fromkeys(key for place in _sought(shape) for key in self._places.get(place, ()))
        judged = [Alike(key, same=any(_same(shape, one) for one in self._shapes[key])) for key in found]
        kept = [one for one in judged if one.same or any(_near(shape, s) for s in self._shapes[one.key])]
        return tuple(sorted(kept, key=lambda one: (not one.same, self._order[one.key])))


def _filed(shape: Shape) -> Iterator[object]:
    """Yield all places at which a shape is filed."""
    yield from _wholes(shape)
    for others, word in _words_beside(shape):
        for part, (start, end) in enumerate(_cuts(len(word))):
            yield (others, len(word), part, word[start:end])


def _sought(shape: Shape) -> Iterator[object]:
    """Yield all places at which something alike may be filed."""
    yield from _wholes(shape)
    for others, word in _words_beside(shape):
        reach = _allowed(len(word))
        for length in range(len(word) - reach, len(word) + reach + 1):
            for part, (start, end) in enumerate(_cuts(length)):
                for at in range(max(0, start - reach), start + reach + 1):
                    yield (others, length, part, word[at : at + end - start])


def _wholes(shape: Shape) -> Iterator[object]:
    yield shape.sorted
    yield shape.together


def _words_beside(shape: Shape) -> Iterator[tuple[object, str]]:
    """Yield what may be mistyped, with what has to be as it is: numbers, the other words."""
    yield shape.numbers, shape.together
    for at, word in enumerate(shape.words):
        yield (shape.numbers, *sorted((*shape.stems[:at], *shape.stems[at + 1 :]))), word


@cache
def _cuts(length: int) -> tuple[tuple[int, int], ...]:
    """Cut a word into parts of which one is left whole by all mistakes allowed: each touches two at most."""
    parts = 2 * _allowed(length) + 1 if length >= _ONE_MISTAKE_FROM else 3
    edges = [round(part * length / parts) for part in range(parts + 1)]
    return tuple(pairwise(edges))
