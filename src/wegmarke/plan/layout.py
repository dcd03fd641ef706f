"""The format of a plan document: every key, what it holds and what it means. Reader and schema follow it."""

from __future__ import annotations

from wegmarke.plan.contracts import Measure, Media, Nature, Side, Status, Worth
from wegmarke.plan.shapes import Choice, Day, Either, Many, Number, Record, Scalar, Shape, Truth, Words
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
    Operator.LIKE.value: Words("The property is a text like this; * is any characters but a slash."),
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
STEP = Record(
    {"key": Words("Short name used in this document."), "name": TEXT},
    required=("key", "name"),
    about="A step inside a phase.",
)
PHASE = Record(
    {
        "key": Words("Short name used in this document."),
        "name": TEXT,
        "goal": TEXT,
        "from_day": Number("The phase begins this many days after the journey's anchor."),
        "to_day": Number("The phase ends before this many days after the journey's anchor."),
        "entered_by": Many(Words(), "Keys of touchpoints with which the phase begins."),
        "steps": Many(STEP, "The steps this phase opens into."),
    },
    required=("key", "name"),
    about="A phase of a journey; `goal` is what customers want to reach in it.",
)
JOURNEY = Record(
    {
        "key": Words("Short name used in this document."),
        "name": TEXT,
        "audience": TEXT,
        "anchor": TEXT,
        "phases": Many(PHASE, "The phases in their order."),
    },
    required=("key",),
    about="A journey model: its phases, whom it is about (`audience`), what day 0 is (`anchor`).",
)
METRIC = Record(
    {
        "measure": Choice(tuple(Measure), "A figure of the record."),
        "target": Number("What it should reach: at least this, or at most where less is better."),
    },
    required=("measure", "target"),
    about="How success is measured.",
)
CONTENT = Record(
    {
        "segment": Words("For whom. Left out: everybody."),
        "phase": Words("Key of the phase. Left out: every phase."),
        "text": TEXT,
    },
    required=("text",),
    about="What is said to one segment in one phase.",
)
TOUCHPOINT = Record(
    {
        "key": Words("Short name used in this document and in addresses."),
        "name": TEXT,
        "phases": Many(Words(), "Keys of its phases or steps, the most important first."),
        "status": Choice(tuple(Status), "How far it is. Left out: live."),
        "channel": Words("Through what it happens: web, mail, phone, store, …"),
        "department": Words("Which part of the company it belongs to."),
        "owners": Many(Words(), "Who answers for it: one name, or several.", or_one=True),
        "started_by": Choice(
            ("customer", "company"), "Who starts it: customer (reactive) or company (proactive)."
        ),
        "nature": Choice(tuple(Nature), "What customers meet."),
        "planned": Truth("Whether it happens by intention (true) or by itself, such as a complaint (false)."),
        "worth": Choice(tuple(Worth), "Whether it creates value for customers or is only necessary."),
        "media": Choice(tuple(Media), "Whose it is: the company's, a partner's, or earned (word of mouth)."),
        "purpose": TEXT,
        "timing": TEXT,
        "per_quarter": Number("How often a customer is to meet it in a quarter.", least=0),
        "content": Many(CONTENT, "What is said to whom."),
        "metric": METRIC,
        "cost": Number("Money per touch, in the plan's currency.", least=0),
        "minutes": Number("Minutes of work per touch.", least=0),
        "promises": Many(Words(), "Keys of the brand's promises it has to keep."),
        "notes": TEXT,
        "events": Many(EVENT, "Which events are this touchpoint; one of them is enough."),
        "experience": EXPERIENCE,
    },
    required=("key", "name"),
    about="A touchpoint with its design card; the first one whose event matches takes the event.",
)
PROMISE = Record(
    {"key": Words("Short name used in this document."), "name": TEXT, "about": TEXT},
    required=("key", "name"),
    about="What the brand promises at every touchpoint.",
)
GOAL = Record(
    {
        "key": Words("Short name."),
        "name": TEXT,
        "side": Choice(tuple(Side), "Whose goal it is."),
        "measure": Choice(tuple(Measure), "A figure of the record."),
        "target": Number("What it should reach: at least this, or at most where less is better."),
        "until": Day("The day by which it should be reached."),
        "owner": Words("Who answers for it."),
        "touchpoints": Many(Words(), "Keys of the touchpoints it is about. Left out with `phases`: all."),
        "phases": Many(Words(), "Keys of the phases it is about."),
        "funnel": Words("Key of the funnel, for the measure `conversion`."),
        "start": Number("The value it begins with."),
        "since": Day("The day from which it counts."),
    },
    required=("key", "name", "side", "measure", "target", "until"),
    about="A goal of the company or of the customers.",
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
        "phases": Many(PHASE, "The phases of the one journey, in their order; instead of `journeys`."),
        "journeys": Many(JOURNEY, "Several journey models side by side; the first one leads."),
        "touchpoints": Many(TOUCHPOINT, "The touchpoints, tried in this order for each event."),
        "leaving": LEAVING,
        "moving_on": Many(Words(), "Keys of touchpoints that are a step forward, such as a purchase."),
        "horizon_days": Number("How long after a touch its outcome is looked for. Left out: 30.", above=0),
        "margin": Number("The smallest effect that matters, as a share. Left out: 0.02.", above=0, below=1),
        "attributes": Many(Words(), "Attributes of persons to compare like with like, most important first."),
        "funnels": Many(FUNNEL, "Workflows to watch."),
        "goals": Many(GOAL, "Goals of the company and of the customers."),
        "promises": Many(PROMISE, "What the brand promises."),
        "not_touchpoints": Many(EVENT, "Events that are no touchpoint, so that discovery leaves them alone."),
        "currency": Words("Three letters, such as EUR."),
        "unbound_names_are_touchpoints": Truth(
            "Whether every event name without a rule is a touchpoint of its own. Left out: false."
        ),
    },
    required=("name",),
    at_most_one=("phases", "journeys"),
    about="A plan of Wegmarke: phases, touchpoints, what leaving and moving on are.",
)
