"""Which evidence gives which verdict: the table of docs/methods/audit.md, row by row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.insights import END, analysis, effect, moment, moments_insight
from wegmarke.analysis.estimates import share
from wegmarke.analysis.insight import MomentClass
from wegmarke.analysis.journeys import StartedBy
from wegmarke.atlas import verdict_words
from wegmarke.atlas.verdicts import DAY, Reason, Seen, Strength, Terms, Verdict, judged, verdict_of
from wegmarke.plan.contracts import Text, Touchpoint

TERMS = Terms(end=END, margin=0.02)
NOTHING = effect(0.001, 0.006)
QUIET = moment("x", MomentClass.UNPROVEN, touch_on_leaving=NOTHING, touch_on_moving_on=NOTHING)


def seen(bad: int = 50, rated: int = 1000, last: int | None = END) -> Seen:
    return Seen(touches=5000, persons=2000, bad=share(bad, rated), last_touch=last)


def verdict(found, **what):
    return verdict_of("x", found, what.pop("seen", None) or seen(**what), TERMS)


def of(kind: MomentClass, **changed):
    return moment("x", kind, **changed)


ROWS = [
    (of(MomentClass.ADVANCES, good_on_moving_on=effect(0.08, 0.02)), {}, Reason.GOOD_MOVES),
    (of(MomentClass.ADVANCES, touch_on_moving_on=effect(0.08, 0.02)), {}, Reason.TOUCH_MOVES),
    (of(MomentClass.DELIGHTS, good_on_moving_on=effect(0.08, 0.02)), {}, Reason.DELIGHTS),
    (of(MomentClass.BREAKS, bad_on_leaving=effect(0.1, 0.02)), {}, Reason.MATTERS),
    (of(MomentClass.BREAKS, bad_on_leaving=effect(0.1, 0.02)), {"bad": 400}, Reason.BREAKS_OFTEN),
    (of(MomentClass.ANNOYS_COSTS, touch_on_leaving=effect(0.1, 0.02)), {}, Reason.COSTS),
    (of(MomentClass.ANNOYS_HARMLESS, bad_on_leaving=NOTHING), {}, Reason.HARMLESS),
    (of(MomentClass.UNPROVEN), {"bad": 400}, Reason.OFTEN_BAD),
    (QUIET, {}, Reason.NO_EFFECT),
    (
        of(MomentClass.DELIGHTS, good_on_moving_on=effect(0.08, 0.02)),
        {"last": END - 200 * DAY},
        Reason.SILENT,
    ),
    (of(MomentClass.UNPROVEN, bad_on_leaving=effect(0.01, 0.05)), {}, Reason.UNDECIDED),
    (None, {}, Reason.NOT_JUDGED),
    (None, {"seen": Seen(0, 0)}, Reason.NEVER_SEEN),
]
EXPECTED = {
    Verdict.WORKS: {Reason.GOOD_MOVES, Reason.TOUCH_MOVES, Reason.DELIGHTS, Reason.MATTERS},
    Verdict.DEAD: {Reason.NO_EFFECT, Reason.SILENT},
    Verdict.ANNOYS: {Reason.BREAKS_OFTEN, Reason.COSTS, Reason.HARMLESS, Reason.OFTEN_BAD},
    Verdict.UNKNOWN: {Reason.UNDECIDED, Reason.NOT_JUDGED, Reason.NEVER_SEEN},
}


@pytest.mark.parametrize(("found", "what", "reason"), ROWS, ids=[row[2] for row in ROWS])
def test_each_kind_of_evidence_has_its_verdict(found, what, reason):
    given = verdict(found, **what)
    assert given.reason is reason
    assert reason in EXPECTED[given.verdict]


def test_every_reason_is_in_the_table():
    assert {row[2] for row in ROWS} == set(Reason)


@pytest.mark.parametrize(("found", "what", "reason"), ROWS, ids=[row[2] for row in ROWS])
def test_each_verdict_is_said_in_a_sentence_that_names_the_touchpoint(found, what, reason):
    said = verdict_words.sentence(verdict(found, **what), moments_insight(), "Payment")
    assert "“Payment”" in said, reason
    assert "%(" not in said


@pytest.mark.parametrize("which", ["touch_on_leaving", "touch_on_moving_on"])
def test_a_touch_of_which_one_outcome_is_not_known_is_not_dead(which):
    assert verdict(replace(QUIET, **{which: None})).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    "which", ["touch_on_leaving", "touch_on_moving_on", "bad_on_leaving", "good_on_moving_on"]
)
def test_one_interval_that_leaves_the_margin_keeps_a_touchpoint_alive(which):
    wide = effect(0.001, 0.03)
    assert verdict(replace(QUIET, **{which: wide})).reason is Reason.UNDECIDED


def test_a_bad_share_that_is_only_by_chance_high_does_not_annoy():
    few = Seen(touches=40, persons=30, bad=share(4, 12))
    assert verdict_of("x", of(MomentClass.UNPROVEN), few, TERMS).verdict is Verdict.UNKNOWN


def test_what_is_unknown_says_how_many_touches_are_missing():
    given = verdict(of(MomentClass.UNPROVEN, bad_on_leaving=effect(0.01, 0.05), touches_needed=1800))
    assert verdict_words.needed(given) == "roughly 1,800 more touches"


@pytest.mark.parametrize(
    ("bound", "strength"), [(3.1, Strength.STURDY), (1.5, Strength.FAIR), (1.05, Strength.FRAGILE)]
)
def test_strength_follows_from_what_an_unmeasured_cause_would_have_to_do(bound, strength):
    found = of(MomentClass.BREAKS, bad_on_leaving=effect(0.1, 0.02), e_value_bound=bound)
    assert verdict(found).strength is strength


def test_a_narrow_nothing_is_sturdier_than_one_at_the_edge():
    assert verdict(QUIET).strength is Strength.STURDY
    edge = replace(QUIET, touch_on_leaving=effect(0.009, 0.01))
    assert verdict(edge).strength is Strength.FAIR


def test_the_contact_is_blamed_only_where_the_company_starts_it():
    found = of(MomentClass.ANNOYS_COSTS, touch_on_leaving=effect(0.1, 0.02), started_by=StartedBy.COMPANY)
    assert verdict(found).effect is found.touch_on_leaving


def test_all_touchpoints_but_the_leaving_itself_are_judged():
    found = analysis()
    keys = set(judged(found, found.plan))
    assert keys == {one.key for one in found.plan.touchpoints} - {"cancellation"}


def test_a_touchpoint_that_is_new_in_the_plan_was_never_seen():
    found = analysis()
    new = replace(found.plan, touchpoints=(*found.plan.touchpoints, Touchpoint("fax", Text("Fax", "Fax"))))
    assert judged(found, new)["fax"].reason is Reason.NEVER_SEEN


def test_the_sentence_counts_every_verdict_once():
    counts = {Verdict.WORKS: 11, Verdict.ANNOYS: 1, Verdict.DEAD: 6, Verdict.UNKNOWN: 0}
    assert verdict_words.counted(counts) == "Of 18 touchpoints 11 work, 1 annoys and 6 are dead."
