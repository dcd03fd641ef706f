"""Valid plans of every form, for Hypothesis."""

from hypothesis import strategies as st

from wegmarke.analysis.journeys import Experience, StartedBy
from wegmarke.plan.contracts import (
    SHARES,
    Content,
    Funnel,
    Goal,
    Journey,
    Leaving,
    Measure,
    Media,
    Metric,
    Nature,
    Phase,
    Plan,
    Promise,
    Side,
    Status,
    Step,
    Text,
    Touchpoint,
    Worth,
    one_journey,
)
from wegmarke.record.contracts import BindingRule, Condition, ExperienceRule, Operator

words = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12
).filter(str.strip)
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
        Operator.LIKE: text_of_people,
    }.get(operator, numbers)
    return Condition(draw(text_of_people), operator, draw(value))


some_conditions = st.lists(conditions(), max_size=2).map(tuple)
felt = st.builds(
    ExperienceRule,
    st.sampled_from([Experience.BAD, Experience.NEUTRAL, Experience.GOOD]),
    st.lists(conditions(), min_size=1, max_size=2).map(tuple),
)


texts = st.just(Text()) | names
some_texts = st.lists(text_of_people, unique=True, max_size=2).map(tuple)
amounts = st.none() | st.integers(0, 10**6) | st.floats(0, 1e6)
days = st.dates()


@st.composite
def metrics(draw, measures=tuple(Measure)):
    measure = draw(st.sampled_from(measures))
    lowest = -1 if measure is Measure.NET_EXPERIENCE else 0
    highest = 1 if measure in (*SHARES, Measure.NET_EXPERIENCE) else 1e6
    return Metric(measure, draw(st.floats(lowest, highest)))


OF_A_TOUCHPOINT = tuple(m for m in Measure if m not in (Measure.LEAVING, Measure.CONVERSION))


def some_of(choices, most=2):
    return (
        st.lists(st.sampled_from(choices), unique=True, max_size=most).map(tuple) if choices else st.just(())
    )


@st.composite
def touchpoints(draw, key, phases, promises):
    return Touchpoint(
        key=key,
        name=draw(names),
        phases=draw(some_of(phases)),
        status=draw(st.sampled_from(Status)),
        channel=draw(st.none() | text_of_people),
        department=draw(st.none() | text_of_people),
        owners=draw(some_texts),
        started_by=draw(st.sampled_from([StartedBy.UNKNOWN, StartedBy.CUSTOMER])),
        nature=draw(st.none() | st.sampled_from(Nature)),
        planned=draw(st.none() | st.booleans()),
        worth=draw(st.none() | st.sampled_from(Worth)),
        media=draw(st.none() | st.sampled_from(Media)),
        purpose=draw(texts),
        timing=draw(texts),
        per_quarter=draw(amounts),
        content=tuple(draw(st.lists(contents(phases), max_size=2))),
        metric=draw(st.none() | metrics(OF_A_TOUCHPOINT)),
        cost=draw(amounts),
        minutes=draw(amounts),
        promises=draw(some_of(promises)),
        notes=draw(texts),
        rules=tuple(
            BindingRule(f"{key} {n} {draw(words)}", draw(some_conditions))
            for n in range(draw(st.integers(0, 2)))
        ),
        experience=tuple(draw(st.lists(felt, max_size=4))),
        otherwise=draw(st.none() | st.sampled_from(list(Experience))),
    )


def contents(phases):
    return st.builds(
        Content,
        names,
        st.just("") | text_of_people,
        st.sampled_from(["", *phases]) if phases else st.just(""),
    )


@st.composite
def phases_of(draw, keys_of_phases, known):
    """Return phases with these keys; some open into steps that take the key of the next one."""
    left = list(keys_of_phases)
    made = []
    while left:
        key = left.pop(0)
        steps = [Step(left.pop(0), draw(names))] if left and draw(st.booleans()) else []
        begins = draw(st.none() | st.integers(-100, 100))
        made.append(
            Phase(
                key,
                draw(names),
                draw(texts),
                begins,
                draw(st.none() | st.integers(101, 999)),
                draw(some_of(known)),
                tuple(steps),
            )
        )
    return tuple(made)


@st.composite
def journeys_of(draw, keys_of_phases, known):
    phases = draw(phases_of(keys_of_phases, known))
    if draw(st.booleans()):
        return one_journey(*phases)
    cut = draw(st.integers(0, len(phases)))
    groups = draw(st.sampled_from([(phases,), (phases[:cut], phases[cut:])]))
    return tuple(
        Journey(f"j{n}", draw(texts), draw(texts), draw(texts), group) for n, group in enumerate(groups)
    )


@st.composite
def goals_of(draw, key, plan_funnels, phases, known):
    metric = draw(metrics())
    conversion = metric.measure is Measure.CONVERSION
    if conversion and not plan_funnels:
        metric, conversion = Metric(Measure.PERSONS, 5), False
    since, until = sorted(draw(st.lists(days, min_size=2, max_size=2, unique=True)))
    return Goal(
        key=key,
        name=draw(names),
        side=draw(st.sampled_from(Side)),
        metric=metric,
        until=until,
        owner=draw(st.none() | text_of_people),
        touchpoints=() if conversion else draw(some_of(known)),
        phases=() if conversion else draw(some_of(phases)),
        funnel=draw(st.sampled_from(plan_funnels)) if conversion else None,
        start=draw(st.none() | st.floats(-1, 1e6)),
        since=draw(st.none() | st.just(since)),
    )


@st.composite
def plans(draw):
    phases = draw(st.lists(keys, unique=True, max_size=4))
    promises = draw(st.lists(keys, unique=True, max_size=2))
    funnels = draw(st.lists(keys, unique=True, max_size=2))
    known = draw(st.lists(keys, unique=True, min_size=2, max_size=5))
    some = st.lists(st.sampled_from(known), min_size=2, max_size=3).map(tuple)
    goal_keys = draw(st.lists(keys, unique=True, max_size=2))
    horizon = draw(positive)
    leaving = draw(
        st.none() | st.builds(Leaving, some) | st.builds(Leaving, st.just(()), st.just(horizon / 2))
    )
    return Plan(
        name=draw(names),
        journeys=draw(journeys_of(phases, known)),
        touchpoints=tuple(draw(touchpoints(key, phases, promises)) for key in known),
        leaving=leaving,
        moving_on=draw(some | st.just(())),
        horizon_days=horizon,
        margin=draw(st.floats(0.001, 0.999)),
        attributes=draw(some_texts),
        funnels=tuple(Funnel(key, draw(names), draw(some), draw(positive)) for key in funnels),
        goals=tuple(draw(goals_of(key, funnels, phases, known)) for key in goal_keys),
        promises=tuple(Promise(key, draw(names), draw(texts)) for key in promises),
        not_touchpoints=tuple(
            BindingRule(draw(text_of_people), draw(some_conditions)) for _ in range(draw(st.integers(0, 2)))
        ),
        currency=draw(st.none() | st.just("EUR")),
        unbound_names_are_touchpoints=draw(st.booleans()),
    )
