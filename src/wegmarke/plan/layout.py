"""The format of a plan document: every key, what it holds and what it means. Reader and schema follow it."""

from __future__ import annotations

from wegmarke.plan.shapes import Choice, Either, Many, Number, Record, Scalar, Shape, Truth, Words
from wegmarke.record.contracts import Operator

TEXT = Either(
    plain=Words("One text for both languages."),
    records=(
        Record(
            {"de": Words("In German."), "en": Words("In English.")},
            about="German and English; where one is missing, the other stands in.",
        ),
    ),
    about="A text people see: plain, or with `de` and `en`.",
)

OPERATOR_SHAPES: dict[str, Shape] = {
    Operator.IS.value: Scalar("The property equals this."),
    Operator.IS_NOT.value: Scalar("The property is there and differs from this."),
    Operator.IN.value: Many(Scalar(), "The property is one of these.", least=1),
    Operator.ABOVE.value: Number("The property is a number above this."),
    Operator.AT_LEAST.value: Number("The property is a number of at least this."),
    Operator.BELOW.value: Number("The property is a number below this."),
    Operator.AT_MOST.value: Number("The property is a number of at most this."),
    Operator.EXISTS.value: Truth("The property is there (true) or absent (false)."),
    Operator.CONTAINS.value: Words("The property is a text that contains this."),
}
CONDITION = Record(
    {"property": Words("Name of the property; a dotted path reaches into objects."), **OPERATOR_SHAPES},
    required=("property",),
    exactly_one=tuple(OPERATOR_SHAPES),
    about="One comparison of a property of the event.",
)
EVENT = Either(
    plain=Words("Name of the event; `*` stands for any run of characters."),
    records=(
        Record(
            {
                "event": Words("Name of the event; `*` stands for any run of characters."),
                "where": Many(CONDITION, "All of these must hold.", least=1),
            },
            required=("event",),
        ),
    ),
    about="An event that is this touchpoint.",
)
WHEN = Either(
    plain=None,
    records=(
        CONDITION,
        Record({"all": Many(CONDITION, "All of these must hold.", least=1)}, required=("all",)),
    ),
    about="One comparison, or several that must all hold.",
)
_FELT = {
    "bad": Many(WHEN, "Each entry alone makes the experience bad."),
    "good": Many(WHEN, "Each entry alone makes the experience good."),
    "neutral": Many(WHEN, "Each entry alone makes the experience neutral."),
}
EXPERIENCE = Record(
    {
        **_FELT,
        "rules": Many(
            Record({**_FELT}, exactly_one=tuple(_FELT)),
            "Instead of `bad`, `good` and `neutral`, where their order has to alternate.",
        ),
        "otherwise": Choice(
            ("bad", "neutral", "good", "unknown"),
            "Where no rule and no answer decides. Left out: neutral where there are rules, else unknown.",
        ),
    },
    about="How a touch was lived through; the first rule that holds decides, in the order written.",
)
PHASE = Record(
    {"key": Words("Short name used in this document."), "name": TEXT},
    required=("key", "name"),
    about="A phase of the journey.",
)
TOUCHPOINT = Record(
    {
        "key": Words("Short name used in this document and in addresses."),
        "name": TEXT,
        "phases": Many(Words(), "Keys of its phases, the most important first."),
        "channel": Words("Through what it happens: web, mail, phone, store, …"),
        "owner": Words("Who answers for it."),
        "started_by": Choice(("customer", "company"), "Who starts it."),
        "events": Many(EVENT, "Which events are this touchpoint; one of them is enough."),
        "experience": EXPERIENCE,
    },
    required=("key", "name"),
    about="A touchpoint; the first one whose event matches takes the event.",
)
LEAVING = Record(
    {
        "touchpoints": Many(
            Words(), "Keys of touchpoints that are a leaving, such as a cancellation.", least=1
        ),
        "quiet_days": Number("Days without any touch started by the customer.", above=0),
    },
    exactly_one=("touchpoints", "quiet_days"),
    about="What leaving is.",
)
FUNNEL = Record(
    {
        "key": Words("Short name."),
        "name": TEXT,
        "steps": Many(Words(), "Keys of touchpoints in their order.", least=2),
        "window_days": Number("Days from the first step to the last.", above=0),
    },
    required=("key", "name", "steps", "window_days"),
    about="A workflow to watch.",
)
PLAN = Record(
    {
        "name": TEXT,
        "phases": Many(PHASE, "The phases in their order."),
        "touchpoints": Many(TOUCHPOINT, "The touchpoints, tried in this order for each event."),
        "leaving": LEAVING,
        "moving_on": Many(Words(), "Keys of touchpoints that are a step forward, such as a purchase."),
        "horizon_days": Number("How long after a touch its outcome is looked for. Left out: 30.", above=0),
        "margin": Number("The smallest effect that matters, as a share. Left out: 0.02.", above=0, below=1),
        "attributes": Many(Words(), "Attributes of persons to compare like with like, most important first."),
        "funnels": Many(FUNNEL, "Workflows to watch."),
        "currency": Words("Three letters, such as EUR."),
        "unbound_names_are_touchpoints": Truth(
            "Whether every event name without a rule is a touchpoint of its own. Left out: false."
        ),
    },
    required=("name",),
    about="A plan of Wegmarke: phases, touchpoints, what leaving and moving on are.",
)
