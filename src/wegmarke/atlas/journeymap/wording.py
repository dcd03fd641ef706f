"""Setting words into boxes: real widths, breaks at syllables, an ellipsis where the room ends. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from wegmarke.ui.fonts import face

ELLIPSIS = "…"
HYPHEN = "-"
BREAKS_AFTER = "-/\N{EN DASH}"
SLACK = 1.01
"""Renderers round glyphs to their own grid; a text may come out this much wider than measured."""
LEAST_BEFORE, LEAST_AFTER, LEAST_LETTERS = 3, 3, 7
_VOWELS = "aeiouyäöüáéíóúàèìòùâêîôû"
# What begins a syllable: one consonant before a vowel, or several that are spoken as one.
_ONSET = "sch[lrmnw]?|ch[lr]?|ph|th|qu|st[r]?|sp[lr]?|zw|kn|pf|[bfgkp]l|[bdfgkpt]r|[bcdfghjklmnpqrstvwxzß]"
_SYLLABLE = re.compile(rf"(?<=[a-zäöüßáéíóúàèìòù])(?=(?:{_ONSET})[{_VOWELS}])")
_SPLIT_ONSET = re.compile(
    r"(?<=sch)(?=[lrmnw])|(?<=ch)(?=[lr])|(?<=s)(?=[tpch])|(?<=c)(?=[hkr])|(?<=[bfgkp])(?=l)|(?<=[bdfgkpt])(?=r)"
    r"|(?<=[pt])(?=h)|(?<=q)(?=u)|(?<=z)(?=w)|(?<=k)(?=n)|(?<=p)(?=f)"
)
# „Vertragsabschluss“ has its joint behind the s; endings of nouns and first parts of verbs tell of it.
_JOINT = re.compile(
    rf"(?<=[^{_VOWELS}s]s)(?=(?:ab|an|auf|aus|be|ein|ent|er|ge|um|un|über|ver|vor|zu)[a-zäöüß]{{3}})"
    r"|(?<=heits)|(?<=keits)|(?<=ungs)|(?<=schafts)|(?<=ions)|(?<=[rlhi]ts)(?=[^chs])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Type:
    """How words are set: their size and whether they are bold."""

    size: float
    bold: bool = False

    @property
    def line(self) -> float:
        """The distance from one line to the next."""
        return self.size * 1.22


@lru_cache(maxsize=20_000)
def width(text: str, kind: Type) -> float:
    """Return how wide a text is, rather a little too wide."""
    return face(bold=kind.bold).width(text, kind.size) * SLACK


@lru_cache(maxsize=20_000)
def wrap(text: str, kind: Type, room: float, lines: int) -> tuple[str, ...]:
    """Return a text in at most `lines` lines, none wider than `room`; the last ends in … if need be.

    Words that fit into no line of their own are broken at a syllable, at least three letters on either side.
    """
    words = re.split(r"[ \t\n]+", text.strip())  # a no-break space holds together
    words = [word for word in words if word]
    done: list[str] = []
    current = ""
    while words:
        word = words.pop(0)
        joined = f"{current} {word}" if current else word
        if width(joined, kind) <= room:
            current = joined
            continue
        if len(done) + 1 >= lines:
            return (*done, shorten(" ".join([joined, *words]), kind, room))
        head, tail = _broken(current, word, kind, room)
        if head:
            done.append(head)
            words.insert(0, tail)
        else:
            done.append(current)
            words.insert(0, word)
        current = ""
    return (*done, current) if current else tuple(done)


def _broken(current: str, word: str, kind: Type, room: float) -> tuple[str, str]:
    """Break a word that does not fit: only where it has to be, or where a line would stay half empty."""
    begun = f"{current} " if current else ""
    alone = width(word, kind) <= room
    half_empty = not current or width(current, kind) < 0.55 * room
    if alone and not (half_empty and begun):
        return "", word
    for at in reversed(break_places(word)):
        mark = "" if word[at - 1] in BREAKS_AFTER else HYPHEN
        if width(f"{begun}{word[:at]}{mark}", kind) <= room:
            return f"{begun}{word[:at]}{mark}", word[at:]
    if alone or current:
        return "", word
    return _cut(word, kind, room)


def _cut(word: str, kind: Type, room: float) -> tuple[str, str]:
    """Cut a word that has no syllables to break at, such as an address; at least one letter is set."""
    at = max(1, next((k for k in range(len(word) - 1, 0, -1) if width(word[:k], kind) <= room), 1))
    return word[:at], word[at:]


@lru_cache(maxsize=5000)
def break_places(word: str) -> tuple[int, ...]:
    """Return where a word may be broken, as places counted in letters."""
    low = word.casefold() if len(word.casefold()) == len(word) else word
    places = {m.end() for m in re.finditer(f"[{BREAKS_AFTER}]", word)}
    if len(word) >= LEAST_LETTERS:
        joints = {m.start() for m in _JOINT.finditer(low)}
        spoilt = {joint - 1 for joint in joints} | {joint + 1 for joint in joints}
        syllables = {m.start() for m in _SYLLABLE.finditer(low)} - {
            m.end() for m in _SPLIT_ONSET.finditer(low)
        }
        places |= joints | (syllables - spoilt)
    letters = re.fullmatch(r"[^\W\d_]+", word.strip("„“”\"'().,;:!?" + BREAKS_AFTER)) is not None
    least = LEAST_BEFORE if letters else 2
    return tuple(sorted(at for at in places if least <= at <= len(word) - LEAST_AFTER))


@lru_cache(maxsize=20_000)
def shorten(text: str, kind: Type, room: float) -> str:
    """Return a text in one line, cut with an ellipsis where it is too wide; empty where nothing fits."""
    if width(text, kind) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[:middle].rstrip() + ELLIPSIS, kind) <= room:
            low = middle
        else:
            high = middle - 1
    cut = text[:low].rstrip().rstrip(" ,;:(·" + BREAKS_AFTER)
    return cut + ELLIPSIS if cut else (ELLIPSIS if width(ELLIPSIS, kind) <= room else "")
