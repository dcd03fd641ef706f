"""Drafts and a plan: what is new, the same, changed, asked about; and the same again changes nothing."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from wegmarke.atlas.touchpoints import understanding
from wegmarke.atlas.touchpoints.merging import ADD, SAME_AS, SKIP, Kind, Rules, merge
from wegmarke.atlas.touchpoints.pasting import Line
from wegmarke.atlas.touchpoints.reading import LEFT_OUT, NEW, Lexicon, Reader, number_of
from wegmarke.plan.contracts import Phase, Plan, Status, Text, Touchpoint, one_journey
from wegmarke.plan.rules import findings_of

PLAN = Plan(
    name=Text("Plan", "Plan"),
    journeys=one_journey(Phase("buy", Text("Kauf", "Purchase")), Phase("use", Text("Nutzung", "Use"))),
    touchpoints=(
        Touchpoint("offer_mail", Text("Angebots-E-Mail", "Offer mail"), phases=("buy",), channel="mail"),
        Touchpoint("call", Text("Anruf", "Call"), owners=("kim",)),
    ),
)


def read(*cells, answers=None, plan=PLAN, decimal=""):
    lines = [Line(number, one) for number, one in enumerate(cells, start=1)]
    return Reader(Lexicon(plan), answers or {}, decimal=decimal).read(lines)


def put(*cells, plan=PLAN, answers=None, **rules):
    return merge(plan, read(*cells, plan=plan, answers=answers).drafts, Rules(language="de", **rules))


def kinds(outcome):
    return [row.kind for row in outcome.rows]


def test_a_new_name_is_a_new_touchpoint_with_the_status_asked_for():
    new = put({"name": "Kündigung"}, status="paused").plan.touchpoint("kuendigung")
    assert new == Touchpoint("kuendigung", Text("Kündigung", "Kündigung"), status=Status.PAUSED)


def test_the_status_of_a_line_counts_before_that_of_the_page():
    assert put({"name": "Kündigung", "status": "aktiv"}).plan.touchpoint("kuendigung").status is Status.LIVE


def test_a_name_of_the_plan_is_proposed_to_be_skipped_or_merged():
    assert kinds(put({"name": "Angebotsmail"}, same=SKIP)) == [Kind.SKIPPED]
    outcome = put({"name": "Angebotsmail", "channel": "web"})
    assert outcome.rows[0].changes[0].field == "channel"
    assert outcome.plan.touchpoint("offer_mail").channel == "web"
    assert outcome.plan.touchpoint("offer_mail").name == PLAN.touchpoints[0].name


def test_a_near_name_is_added_unless_somebody_says_it_is_the_same():
    line = {"name": "Angebots-Mial"}
    assert [one.key for one in put(line).rows[0].candidates] == []
    line = {"name": "Angebotsmaill", "department": "Marketing"}
    outcome = put(line)
    assert kinds(outcome) == [Kind.NEW]
    assert [(one.key, one.same) for one in outcome.rows[0].candidates] == [("offer_mail", False)]
    chosen = put(line, choices={1: f"{SAME_AS}offer_mail"})
    assert kinds(chosen) == [Kind.CHANGED]
    assert chosen.plan.touchpoint("offer_mail").department == "Marketing"


def test_lines_of_one_paste_are_compared_with_each_other():
    outcome = put({"name": "Rechnung"}, {"name": "Rechnungen"}, {"name": "Rechung"}, same=SKIP)
    assert kinds(outcome) == [Kind.NEW, Kind.SKIPPED, Kind.NEW]
    assert [(one.line, one.same) for one in outcome.rows[1].candidates] == [(1, True)]
    assert [(one.line, one.same) for one in outcome.rows[2].candidates] == [(1, False)]


def test_without_overwriting_only_empty_fields_are_filled():
    outcome = put({"name": "Anruf", "owners": "alex", "channel": "phone"}, overwrite=False)
    call = outcome.plan.touchpoint("call")
    assert (call.owners, call.channel) == (("kim",), "phone")


def test_added_anyway_it_gets_a_key_of_its_own():
    outcome = put({"name": "Call"}, choices={1: ADD})
    assert outcome.plan.touchpoints[-1].key == "call_2"


def test_a_choice_that_does_not_fit_counts_as_none():
    assert kinds(put({"name": "Anruf"}, choices={1: f"{SAME_AS}offer_mail"}, same=SKIP)) == [Kind.SKIPPED]


def test_an_unknown_phase_is_asked_about_and_never_dropped():
    reading = read({"name": "Neu", "phases": "Kauf; Abwägung"})
    assert [(one.field, one.word, one.likely) for one in reading.unknown] == [("phases", "Abwägung", NEW)]
    assert reading.open == reading.unknown
    plan = put({"name": "Neu", "phases": "Kauf; Abwägung"}).plan
    assert plan.touchpoint("neu").phases == ("buy", "abwaegung")
    assert plan.phases[-1].name == Text("Abwägung", "Abwägung")


@pytest.mark.parametrize(("answer", "phases"), [("use", ("use",)), (LEFT_OUT, ()), (NEW, ("abwaegung",))])
def test_an_unknown_phase_becomes_what_was_answered(answer, phases):
    answers = {("phases", "Abwägung"): answer}
    assert put({"name": "Neu", "phases": "Abwägung"}, answers=answers).plan.touchpoint("neu").phases == phases


def test_a_phase_that_is_spelt_otherwise_is_proposed():
    assert (
        read({"name": "x", "phases": "Nuzung"}, {"name": "y", "phases": "Nutzungen"}).unknown[0].likely
        == "use"
    )


def test_a_new_phase_makes_the_first_journey_of_an_empty_plan():
    plan = put(
        {"name": "a", "phases": "Kauf"}, {"name": "b", "phases": "kauf"}, plan=Plan(name=Text("P", "P"))
    ).plan
    assert [phase.key for phase in plan.phases] == ["kauf"]
    assert findings_of(plan) == ()


def test_a_phase_only_skipped_lines_name_is_not_made():
    outcome = put({"name": "Anruf", "phases": "Abwägung"}, same=SKIP)
    assert outcome.plan == PLAN
    assert outcome.phases == ()


def test_another_spelling_of_a_channel_is_proposed_and_a_new_one_is_kept():
    reading = read({"name": "a", "channel": "E-Mails"}, {"name": "b", "channel": "Messe"})
    assert [(one.word, one.likely) for one in reading.unknown] == [("E-Mails", "mail"), ("Messe", NEW)]
    assert [draft.given["channel"] for draft in reading.drafts] == ["mail", "Messe"]


def test_a_status_nobody_knows_is_asked_about():
    reading = read({"name": "a", "status": "halb fertig"})
    assert [(one.field, one.likely) for one in reading.unknown] == [("status", LEFT_OUT)]
    answered = read({"name": "a", "status": "halb fertig"}, answers={("status", "halb fertig"): "paused"})
    assert answered.drafts[0].given["status"] == "paused"
    assert answered.open == ()


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_word_of_the_pages_is_understood(language):
    with translation.override(language):
        for field, values in understanding.CHOICES.items():
            assert {value: understanding.meant(field, str(said)) for value, said in values.items()} == {
                v: v for v in values
            }
        assert [understanding.field_of(str(said)) for said in understanding.COLUMNS.values()] == list(
            understanding.COLUMNS
        )


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        *(
            ("Kanal", "channel"),
            ("Verantwortlich", "owners"),
            ("Häufigkeit", "per_quarter"),
            ("Kosten (€)", "cost"),
        ),
        *(
            ("Minuten", "minutes"),
            ("ZWECK", "purpose"),
            ("Abteilung", "department"),
            ("Verantwortlcih", "owners"),
        ),
        *(("Responsible", "owners"), ("Touchpoint", "name"), ("Foo", None), ("", None), ("🙂", None)),
    ],
)
def test_headings_are_guessed_in_both_languages(heading, field):
    assert understanding.field_of(heading) == field


def test_some_column_is_the_name_and_none_is_used_twice():
    assert understanding.guessed(["Was ist das", "Kanal", "Channel"]) == ("name", "channel", "")


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        *(
            ("1.234,50 €", "", 1234.5),
            ("1,234.50", "", 1234.5),
            ("3,5", "", 3.5),
            ("3.5", ",", 3.5),
            ("12 min", "", 12),
        ),
        *(
            ("1.234", ",", 1234),
            ("1.234", ".", 1.234),
            ("1,234", ".", 1234),
            ("1 234", "", 1234),
            ("€ 5,-", "", 5),
        ),
        *(("0.125", ",", 0.125), ("1.234.567", "", 1234567), ("7", "", 7)),
    ],
)
def test_numbers_are_read_as_people_write_them(text, decimal, number):
    assert number_of("cost", text, decimal) == number


@pytest.mark.parametrize("text", ["viel", "1e9", "-3", "nan", "inf", "9" * 400, "1,2,3.4.5", "0x10"])
def test_what_is_no_number_is_said_with_its_field(text):
    (draft,) = read({"name": "a", "cost": text}).drafts
    assert "Cost per touch" in draft.problem
    assert kinds(put({"name": "a", "cost": text})) == [Kind.PROBLEM]


def test_a_target_in_per_cent_is_a_share():
    cells = {"name": "a", "measure": "Anteil schlechter Erlebnisse", "target": "5 %"}
    assert read(cells).drafts[0].given["metric"] == {"measure": "bad_share", "target": 0.05}


def test_a_line_the_plan_would_refuse_is_a_problem_and_the_others_are_saved():
    outcome = put(
        {"name": "a", "measure": "bad_share", "target": "7"}, {"name": "b"}, {"name": "c", "key": "no key"}
    )
    assert kinds(outcome) == [Kind.PROBLEM, Kind.NEW, Kind.PROBLEM]
    assert [one.key for one in outcome.plan.touchpoints[2:]] == ["b"]
    assert "“7” cannot be a target of “Share of bad experiences”" in outcome.rows[0].problem
    assert findings_of(outcome.plan) == ()


def test_a_document_merges_by_key_and_leaves_what_it_does_not_say():
    entries = [(3, {"key": "call", "name": {"de": "Rückruf", "en": "Call back"}, "channel": "phone"})]
    reading = Reader(Lexicon(PLAN), {}).read_plain(entries)
    call = merge(PLAN, reading.drafts, Rules(language="de")).plan.touchpoint("call")
    assert (call.name, call.channel, call.owners) == (Text("Rückruf", "Call back"), "phone", ("kim",))


def test_a_name_in_one_language_leaves_the_other():
    reading = Reader(Lexicon(PLAN), {}).read([Line(1, {"name": "Rückruf", "key": "call"})])
    call = merge(PLAN, reading.drafts, Rules(language="de")).plan.touchpoint("call")
    assert call.name == Text("Rückruf", "Call")


CELLS = st.fixed_dictionaries(
    {"name": st.sampled_from(["Anruf", "Anrufe", "Mail", "E-Mail", "Messe", "Rechnung", "Rechung", "😀"])},
    optional={
        "channel": st.sampled_from(["mail", "E-Mail", "Messe"]),
        "phases": st.sampled_from(["Kauf", "Abwägung; Kauf", "use"]),
        "owners": st.sampled_from(["kim", "kim; alex"]),
        "cost": st.sampled_from(["1,5", "x", "3"]),
        "status": st.sampled_from(["Idee", "live"]),
        "key": st.sampled_from(["call", "messe", "!"]),
    },
)


@given(st.lists(CELLS, max_size=8))
def test_the_same_lines_again_change_nothing(cells):
    once = put(*cells)
    assert findings_of(once.plan) == ()
    again = put(*cells, plan=once.plan)
    last = put(*cells, plan=again.plan)
    assert last.plan == again.plan
