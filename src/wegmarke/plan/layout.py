"""The format of a plan document: every key, what it holds and what it means. Reader and schema follow it."""

from __future__ import annotations

from wegmarke.plan.contracts import Measure, Media, Nature, Side, Status, Worth
from wegmarke.plan.findings import gettext_noop as _
from wegmarke.plan.shapes import Choice, Day, Either, Many, Number, Record, Scalar, Shape, Truth, Words
from wegmarke.record.contracts import Operator

TEXT = Either(
    plain=Words(_("One text for both languages.")),
    records=(
        Record(
            {"de": Words(_("In German.")), "en": Words(_("In English."))},
            about=_("German and English; where one is missing, the other stands in."),
        ),
    ),
    about=_("A text people see: plain, or with `de` and `en`."),
)

OPERATOR_SHAPES: dict[str, Shape] = {
    Operator.IS.value: Scalar(_("The property equals this.")),
    Operator.IS_NOT.value: Scalar(_("The property is there and differs from this.")),
    Operator.IN.value: Many(Scalar(), _("The property is one of these."), least=1),
    Operator.ABOVE.value: Number(_("The property is a number above this.")),
    Operator.AT_LEAST.value: Number(_("The property is a number of at least this.")),
    Operator.BELOW.value: Number(_("The property is a number below this.")),
    Operator.AT_MOST.value: Number(_("The property is a number of at most this.")),
    Operator.EXISTS.value: Truth(_("The property is there (true) or absent (false).")),
    Operator.CONTAINS.value: Words(_("The property is a text that contains this.")),
    Operator.LIKE.value: Words(_("The property is a text like this; * is any characters but a slash.")),
}
CONDITION = Record(
    {"property": Words(_("Name of the property; a dotted path reaches into objects.")), **OPERATOR_SHAPES},
    required=("property",),
    exactly_one=tuple(OPERATOR_SHAPES),
    about=_("One comparison of a property of the event."),
)
EVENT = Either(
    plain=Words(_("Name of the event; `*` stands for any run of characters.")),
    records=(
        Record(
            {
                "event": Words(_("Name of the event; `*` stands for any run of characters.")),
                "where": Many(CONDITION, _("All of these must hold."), least=1),
            },
            required=("event",),
        ),
    ),
    about=_("An event that is this touchpoint."),
)
WHEN = Either(
    plain=None,
    records=(
        CONDITION,
        Record({"all": Many(CONDITION, _("All of these must hold."), least=1)}, required=("all",)),
    ),
    about=_("One comparison, or several that must all hold."),
)
_FELT = {
    "bad": Many(WHEN, _("Each entry alone makes the experience bad.")),
    "good": Many(WHEN, _("Each entry alone makes the experience good.")),
    "neutral": Many(WHEN, _("Each entry alone makes the experience neutral.")),
}
EXPERIENCE = Record(
    {
        **_FELT,
        "rules": Many(
            Record({**_FELT}, exactly_one=tuple(_FELT)),
            _("Instead of `bad`, `good` and `neutral`, where their order has to alternate."),
        ),
        "otherwise": Choice(
            ("bad", "neutral", "good", "unknown"),
            _("Where no rule and no answer decides. Left out: neutral where there are rules, else unknown."),
        ),
    },
    about=_("How a touch was lived through; the first rule that holds decides, in the order written."),
)
STEP = Record(
    {"key": Words(_("Short name used in this document.")), "name": TEXT},
    required=("key", "name"),
    about=_("A step inside a phase."),
)
PHASE = Record(
    {
        "key": Words(_("Short name used in this document.")),
        "name": TEXT,
        "goal": TEXT,
        "from_day": Number(_("The phase begins this many days after the journey's anchor.")),
        "to_day": Number(_("The phase ends before this many days after the journey's anchor.")),
        "entered_by": Many(Words(), _("Keys of touchpoints with which the phase begins.")),
        "steps": Many(STEP, _("The steps this phase opens into.")),
    },
    required=("key", "name"),
    about=_("A phase of a journey; `goal` is what customers want to reach in it."),
)
JOURNEY = Record(
    {
        "key": Words(_("Short name used in this document.")),
        "name": TEXT,
        "audience": TEXT,
        "anchor": TEXT,
        "phases": Many(PHASE, _("The phases in their order.")),
    },
    required=("key",),
    about=_("A journey model: its phases, whom it is about (`audience`), what day 0 is (`anchor`)."),
)
METRIC = Record(
    {
        "measure": Choice(tuple(Measure), _("A figure of the record.")),
        "target": Number(_("What it should reach: at least this, or at most where less is better.")),
    },
    required=("measure", "target"),
    about=_("How success is measured."),
)
CONTENT = Record(
    {
        "segment": Words(_("For whom. Left out: everybody.")),
        "phase": Words(_("Key of the phase. Left out: every phase.")),
        "text": TEXT,
    },
    required=("text",),
    about=_("What is said to one segment in one phase."),
)
TOUCHPOINT = Record(
    {
        "key": Words(_("Short name used in this document and in addresses.")),
        "name": TEXT,
        "phases": Many(Words(), _("Keys of its phases or steps, the most important first.")),
        "status": Choice(tuple(Status), _("How far it is. Left out: live.")),
        "channel": Words(_("Through what it happens: web, mail, phone, store, …")),
        "department": Words(_("Which part of the company it belongs to.")),
        "owners": Many(Words(), _("Who answers for it: one name, or several."), or_one=True),
        "started_by": Choice(
            ("customer", "company"), _("Who starts it: customer (reactive) or company (proactive).")
        ),
        "nature": Choice(tuple(Nature), _("What customers meet.")),
        "planned": Truth(
            _("Whether it happens by intention (true) or by itself, such as a complaint (false).")
        ),
        "worth": Choice(tuple(Worth), _("Whether it creates value for customers or is only necessary.")),
        "media": Choice(
            tuple(Media), _("Whose it is: the company's, a partner's, or earned (word of mouth).")
        ),
        "purpose": TEXT,
        "timing": TEXT,
        "per_quarter": Number(_("How often a customer is to meet it in a quarter."), least=0),
        "content": Many(CONTENT, _("What is said to whom.")),
        "metric": METRIC,
        "cost": Number(_("Money per touch, in the plan's currency."), least=0),
        "minutes": Number(_("Minutes of work per touch."), least=0),
        "promises": Many(Words(), _("Keys of the brand's promises it has to keep.")),
        "notes": TEXT,
        "events": Many(EVENT, _("Which events are this touchpoint; one of them is enough.")),
        "experience": EXPERIENCE,
    },
    required=("key", "name"),
    about=_("A touchpoint with its design card; the first one whose event matches takes the event."),
    renamed={"owner": "owners"},
)
PROMISE = Record(
    {"key": Words(_("Short name used in this document.")), "name": TEXT, "about": TEXT},
    required=("key", "name"),
    about=_("What the brand promises at every touchpoint."),
)
GOAL = Record(
    {
        "key": Words(_("Short name.")),
        "name": TEXT,
        "side": Choice(tuple(Side), _("Whose goal it is.")),
        "measure": Choice(tuple(Measure), _("A figure of the record.")),
        "target": Number(_("What it should reach: at least this, or at most where less is better.")),
        "until": Day(_("The day by which it should be reached.")),
        "owner": Words(_("Who answers for it.")),
        "touchpoints": Many(Words(), _("Keys of the touchpoints it is about. Left out with `phases`: all.")),
        "phases": Many(Words(), _("Keys of the phases it is about.")),
        "funnel": Words(_("Key of the funnel, for the measure `conversion`.")),
        "start": Number(_("The value it begins with.")),
        "since": Day(_("The day from which it counts.")),
    },
    required=("key", "name", "side", "measure", "target", "until"),
    about=_("A goal of the company or of the customers."),
)
LEAVING = Record(
    {
        "touchpoints": Many(
            Words(), _("Keys of touchpoints that are a leaving, such as a cancellation."), least=1
        ),
        "quiet_days": Number(_("Days without any touch started by the customer."), above=0),
    },
    exactly_one=("touchpoints", "quiet_days"),
    about=_("What leaving is."),
)
FUNNEL = Record(
    {
        "key": Words(_("Short name.")),
        "name": TEXT,
        "steps": Many(Words(), _("Keys of touchpoints in their order."), least=2),
        "window_days": Number(_("Days from the first step to the last."), above=0),
    },
    required=("key", "name", "steps", "window_days"),
    about=_("A workflow to watch."),
)
PLAN = Record(
    {
        "name": TEXT,
        "phases": Many(PHASE, _("The phases of the one journey, in their order; instead of `journeys`.")),
        "journeys": Many(JOURNEY, _("Several journey models side by side; the first one leads.")),
        "touchpoints": Many(TOUCHPOINT, _("The touchpoints, tried in this order for each event.")),
        "leaving": LEAVING,
        "moving_on": Many(Words(), _("Keys of touchpoints that are a step forward, such as a purchase.")),
        "horizon_days": Number(_("How long after a touch its outcome is looked for. Left out: 30."), above=0),
        "margin": Number(
            _("The smallest effect that matters, as a share. Left out: 0.02."), above=0, below=1
        ),
        "attributes": Many(
            Words(), _("Attributes of persons to compare like with like, most important first.")
        ),
        "funnels": Many(FUNNEL, _("Workflows to watch.")),
        "goals": Many(GOAL, _("Goals of the company and of the customers.")),
        "promises": Many(PROMISE, _("What the brand promises.")),
        "not_touchpoints": Many(
            EVENT, _("Events that are no touchpoint, so that discovery leaves them alone.")
        ),
        "currency": Words(_("Three letters, such as EUR.")),
        "unbound_names_are_touchpoints": Truth(
            _("Whether every event name without a rule is a touchpoint of its own. Left out: false.")
        ),
    },
    required=("name",),
    at_most_one=("phases", "journeys"),
    about=_("A plan of Wegmarke: phases, touchpoints, what leaving and moving on are."),
)
