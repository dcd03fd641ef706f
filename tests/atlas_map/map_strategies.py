"""Random journey maps: up to 60 touchpoints, names as long and as odd as people write them."""

from __future__ import annotations

from hypothesis import strategies as st

from wegmarke.analysis.insight import Estimate
from wegmarke.atlas.journeymap.content import (
    Card,
    Chip,
    Column,
    Happens,
    Kind,
    Lane,
    Lived,
    Map,
    Mark,
    Move,
    Slot,
)

LONG = (
    "Newsletter",
    "Kundenzufriedenheitsbefragung nach Vertragsabschluss",
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenverleih",
    "Automatische Erinnerung an die Vertragsverlängerung per E-Mail",
    "https://example.com/a/very/long/path?with=a&query=too",
    "Check-in",
    "WWWWWWWWWWWWWWWWWWWWWWWWWW",
    "iiiiiiiiiiiii iiiiiiiiii iiiiiiii",
    "日本語のタッチポイント名前",
    "x",
)
MARKS = (None, Mark("▼", "bad", "breaks"), Mark("◆", "warn", "annoys"), Mark("★", "accent", "delights"))
shares = st.floats(0, 1).map(lambda v: round(v, 3))
names = st.one_of(
    st.sampled_from(LONG), st.text(min_size=1, max_size=80).filter(lambda text: text.strip() != "")
)


@st.composite
def estimates(draw, low: float, high: float) -> Estimate:
    """Draw an estimate inside its interval."""
    one, two, three = sorted(draw(st.lists(st.floats(low, high), min_size=3, max_size=3)))
    return Estimate(two, one, three, 100)


@st.composite
def lived(draw) -> Lived | None:
    if draw(st.booleans()):
        return None
    persons = draw(st.integers(0, 10**7))
    return Lived(
        persons,
        draw(st.none() | estimates(-1, 1)),
        draw(st.none() | estimates(0, 1)),
        f"{persons:,}",
        "+12",
        "3 %",
        f"{persons:,} persons",
    )


@st.composite
def happens(draw) -> Happens | None:
    if draw(st.booleans()):
        return None
    said = draw(st.sampled_from(("", "happens elsewhere, mostly: Use")))
    return Happens(draw(names), 1000, "1,000", draw(st.none() | estimates(0, 1)), "12 %", said)


@st.composite
def maps(draw, most: int = 60) -> Map:
    """Draw a whole map."""
    cards = []
    for number in range(1, draw(st.integers(0, most)) + 1):
        kind = draw(st.sampled_from(list(Kind)))
        second = kind in (Kind.ALSO, Kind.HERE_LIVED)
        cards.append(
            Card(
                f"t{number}", 0 if second else number, draw(names), kind, "mail",
                draw(st.sampled_from(("", *LONG))),
                draw(st.sampled_from(("", "never seen", "≠ lived: Weiterempfehlung und Bindung"))),
                draw(lived()), draw(happens()), draw(st.sampled_from(MARKS)), "#", "label", movable=True,
            )
        )  # fmt: skip
    columns = []
    count = draw(st.integers(1, 8))
    for c in range(count):
        mine = [card for k, card in enumerate(cards) if k % count == c]
        steps = draw(st.integers(1, 3)) if count < 5 else 1
        slots = tuple(
            Slot(f"p{c}s{s}", draw(names), tuple(mine[s::steps]), more=draw(st.sampled_from(("", "3 more"))))
            for s in range(steps)
        )
        columns.append(
            Column(
                f"p{c}", draw(names), slots, goal=draw(names),
                window=draw(st.sampled_from(("", "day 0 to 90"))),
                channels=tuple(Chip(draw(names), "mail") for _ in range(draw(st.integers(0, 4)))),
                owners=tuple(Chip(draw(names), warns=True) for _ in range(draw(st.integers(0, 4)))),
                planned=tuple(draw(names) for _ in range(draw(st.integers(0, 3)))),
                moments=tuple((MARKS[1], draw(names)) for _ in range(draw(st.integers(0, 3)))),
                quotes=tuple(draw(names) for _ in range(draw(st.integers(0, 2)))),
                experience=draw(st.none() | estimates(-1, 1)),
                experience_text=draw(st.sampled_from(("", "-21 (-21 bis -20) · n = 182.452"))),
                volume_text=draw(st.sampled_from(("", "22.477 Personen · Absprung 11,2 % (10,8 bis 11,6)"))),
                outside=draw(st.booleans()),
            )
        )  # fmt: skip
    keys = [card.key for card in cards] or ["t0"]
    moves = draw(
        st.lists(
            st.builds(Move, st.sampled_from(keys), st.sampled_from(keys), st.integers(1, 9999)), max_size=30
        )
    )
    shown = draw(st.sets(st.sampled_from(list(Lane))))
    return Map(
        title=draw(names),
        subtitle=draw(names),
        columns=tuple(columns),
        lanes={
            lane: (lane.value, draw(st.sampled_from(("", "net, with interval"))))
            for lane in Lane
            if lane in shown
        },
        touchpoints_title="Touchpoints",
        moves=tuple(moves),
        legend=tuple((mark, draw(names)) for mark in MARKS[1:]),
        caption=(draw(names), draw(names)),
        drop_off_title="Absprung",
    )
