"""Valid plans of every form, for Hypothesis."""

from hypothesis import strategies as st

from wegmarke.analysis.journeys import Experience, StartedBy
from wegmarke.plan.contracts import Funnel, Leaving, Phase, Plan, Text, Touchpoint
from wegmarke.record.contracts import BindingRule, Condition, ExperienceRule, Operator

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(str.strip)
tricky = st.sampled_from(
    [
        *("yes", "no", "null", "~", "1", "1e3", "0x1f", "2020-01-01", "true", "=", "<<"),
        *(
            "- a",
            "a: b",
            "#x",
            "*",
            "&a",
            "!x",
            "'",
            '"',
            "{",
            "\n",
            " a ",
            "a\n\nb\n",
            "\x85",
            "\u2028",
            "\ufeff",
        ),
    ]
)
text_of_people = (words | tricky).filter(str.strip)
keys = st.from_regex(r"\A\w([\w.-]{0,6}\w)?\Z")
numbers = st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False, width=32)
scalars = text_of_people | st.booleans() | numbers
positive = st.floats(0.001, 1e6)
names = st.builds(Text, text_of_people, text_of_people) | st.builds(Text, text_of_people, st.just(""))


@st.composite
def conditions(draw):
    operator = draw(st.sampled_from(list(Operator)))
    value = {
        Operator.IS: scalars,
        Operator.IS_NOT: scalars,
        Operator.IN: st.lists(scalars, min_size=1, max_size=3).map(tuple),
        Operator.EXISTS: st.booleans(),
        Operator.CONTAINS: text_of_people,
    }.get(operator, numbers)
    return Condition(draw(text_of_people), operator, draw(value))


some_conditions = st.lists(conditions(), max_size=2).map(tuple)
felt = st.builds(
    ExperienceRule,
    st.sampled_from([Experience.BAD, Experience.NEUTRAL, Experience.GOOD]),
    st.lists(conditions(), min_size=1, max_size=2).map(tuple),
)


@st.composite
def touchpoints(draw, key, phases):
    return Touchpoint(
        key=key,
        name=draw(names),
        phases=tuple(draw(st.lists(st.sampled_from(phases), unique=True, max_size=2)) if phases else ()),
        channel=draw(st.none() | text_of_people),
        owner=draw(st.none() | text_of_people),
        started_by=draw(st.sampled_from([StartedBy.UNKNOWN, StartedBy.CUSTOMER])),
        rules=tuple(
            BindingRule(f"{key} {n} {draw(words)}", draw(some_conditions))
            for n in range(draw(st.integers(0, 2)))
        ),
        experience=tuple(draw(st.lists(felt, max_size=4))),
        otherwise=draw(st.none() | st.sampled_from(list(Experience))),
    )


@st.composite
def plans(draw):
    phases = draw(st.lists(keys, unique=True, max_size=4))
    known = draw(st.lists(keys, unique=True, min_size=2, max_size=5))
    some = st.lists(st.sampled_from(known), min_size=2, max_size=3).map(tuple)
    horizon = draw(positive)
    leaving = draw(
        st.none() | st.builds(Leaving, some) | st.builds(Leaving, st.just(()), st.just(horizon / 2))
    )
    return Plan(
        name=draw(names),
        phases=tuple(Phase(key, draw(names)) for key in phases),
        touchpoints=tuple(draw(touchpoints(key, phases)) for key in known),
        leaving=leaving,
        moving_on=draw(some | st.just(())),
        horizon_days=horizon,
        margin=draw(st.floats(0.001, 0.999)),
        attributes=tuple(draw(st.lists(text_of_people, unique=True, max_size=2))),
        funnels=tuple(
            Funnel(key, draw(names), draw(some), draw(positive))
            for key in draw(st.lists(keys, unique=True, max_size=2))
        ),
        currency=draw(st.none() | st.just("EUR")),
        unbound_names_are_touchpoints=draw(st.booleans()),
    )
