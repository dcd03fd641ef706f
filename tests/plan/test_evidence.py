"""Evidence about touchpoints is noted, changed, found and erased, by those who may."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from wegmarke.plan import queries as plans
from wegmarke.plan import services as plan_services
from wegmarke.plan.contracts import Plan, Text, Touchpoint
from wegmarke.plan.evidence import queries, services
from wegmarke.plan.evidence.contracts import Grade, Kind, Statement
from wegmarke.plan.evidence.rules import is_web_address
from wegmarke.plan.findings import PlanError
from wegmarke.team.contracts import NotAllowedError

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
QUOTE = Statement(
    kind=Kind.QUOTE,
    grade=Grade.OBSERVED,
    text="I could not find the phone number.",
    source="Shop visit, Ulm",
    link="https://example.com/interviews/7",
    day=date(2026, 2, 27),
    touchpoints=("checkout",),
)


@pytest.fixture(autouse=True)
def plan():
    return plan_services.save(
        Plan(
            name=Text("Laden", "Shop"),
            touchpoints=(
                Touchpoint("checkout", Text("Kasse", "Checkout"), owners=("Olga",)),
                Touchpoint("repair", Text("Reparatur", "Repair")),
            ),
        ),
        by=None,
        now=NOW,
    )


def account(name: str, role: str):
    return get_user_model().objects.create_user(name, password="x", role=role)


def test_noted_evidence_says_who_noted_it_and_when():
    kept = services.note(QUOTE, by=account("mira", "editor"), now=NOW)
    assert kept.statement == QUOTE
    assert (kept.noted_by, kept.noted_at, kept.revision) == ("mira", NOW, 1)
    assert queries.evidence(kept.id) == kept


def test_changed_evidence_says_who_changed_it_last():
    kept = services.note(QUOTE, by=None, now=NOW)
    measured = replace(QUOTE, grade=Grade.MEASURED, touchpoints=("repair", "checkout"))
    changed = services.change(kept.id, measured, based_on=1, by=account("mira", "editor"), now=LATER)
    assert changed.statement == measured
    assert (changed.noted_by, changed.changed_by, changed.changed_at) == (None, "mira", LATER)
    assert changed.revision == 2


def test_a_change_to_evidence_somebody_else_changed_is_refused_with_theirs():
    kept = services.note(QUOTE, by=None, now=NOW)
    theirs = replace(QUOTE, text="theirs")
    services.change(kept.id, theirs, based_on=1, by=None, now=LATER)
    with pytest.raises(services.EvidenceChangedError) as caught:
        services.change(kept.id, replace(QUOTE, text="mine"), based_on=1, by=None, now=LATER)
    assert caught.value.theirs.statement == theirs


def test_saving_evidence_unchanged_changes_nothing():
    kept = services.note(QUOTE, by=None, now=NOW)
    assert services.change(kept.id, QUOTE, based_on=1, by=None, now=LATER) == kept


def test_erased_evidence_is_nowhere_in_the_database():
    kept = services.note(QUOTE, by=None, now=NOW)
    services.erase(kept.id, by=None)
    with pytest.raises(queries.NoSuchEvidenceError):
        queries.evidence(kept.id)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own tables
            assert all("phone number" not in str(row) for row in cursor.fetchall()), table


def test_evidence_is_found_by_touchpoint_grade_kind_and_words():
    quote = services.note(QUOTE, by=None, now=NOW)
    study = Statement(Kind.STUDY, Grade.MEASURED, "Half of all buyers call.", touchpoints=("repair",))
    study = services.note(study, by=None, now=LATER)
    assert queries.all_evidence() == (study, quote)
    assert queries.all_evidence(touchpoint="checkout") == (quote,)
    assert queries.all_evidence(grade=Grade.MEASURED) == (study,)
    assert queries.all_evidence(kind=Kind.QUOTE) == (quote,)
    assert queries.all_evidence(words="ULM") == (quote,)
    assert plans.evidence_by_touchpoint() == {"checkout": (quote,), "repair": (study,)}


def test_a_touchpoint_has_the_strongest_grade_of_its_evidence():
    services.note(replace(QUOTE, touchpoints=("checkout", "repair")), by=None, now=NOW)
    services.note(replace(QUOTE, grade=Grade.ASSUMED, touchpoints=("checkout",)), by=None, now=NOW)
    services.note(replace(QUOTE, grade=Grade.MEASURED, touchpoints=("repair",)), by=None, now=NOW)
    assert queries.strongest_grades() == {"checkout": Grade.OBSERVED, "repair": Grade.MEASURED}


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"source": "x" * 501}, "source"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"day": date(2026, 3, 2)}, "day"),
        ({"touchpoints": ("checkout", "nowhere")}, "touchpoints[1]"),
    ],
)
def test_a_statement_that_cannot_be_kept_is_refused_naming_the_place(changed, place):
    with pytest.raises(PlanError) as caught:
        services.note(replace(QUOTE, **changed), by=None, now=NOW)
    assert [finding.path for finding in caught.value.findings] == [place]
    assert queries.all_evidence() == ()


@pytest.mark.parametrize("link", ["https://example.com/a?b#c", "http://localhost:8000"])
def test_links_into_the_web_are_taken(link):
    assert is_web_address(link)


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JAVASCRIPT://example.com/%0aalert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//example.com",
        "https://",
        "https://exa mple.com",
        "https://example.com/\nx",
        "http://[",
        "example.com",
    ],
)
def test_links_to_anywhere_else_are_refused(link):
    assert not is_web_address(link)


def test_evidence_outlives_its_touchpoint_and_can_still_be_changed():
    kept = services.note(QUOTE, by=None, now=NOW)
    plan_services.remove_touchpoints(["checkout"], by=None, now=NOW)
    changed = services.change(kept.id, replace(QUOTE, text="new"), based_on=1, by=None, now=LATER)
    assert changed.statement.touchpoints == ("checkout",)


def test_evidence_outlives_the_account_that_noted_it():
    user = account("mira", "editor")
    kept = services.note(QUOTE, by=user, now=NOW)
    user.delete()
    assert queries.evidence(kept.id).noted_by is None


@pytest.mark.parametrize(
    ("role", "touchpoints", "allowed"),
    [
        ("viewer", ("repair",), False),
        ("viewer", (), False),
        ("viewer", ("checkout", "repair"), False),
        ("viewer", ("checkout",), True),
        ("editor", ("repair",), True),
        ("editor", (), True),
    ],
)
def test_owners_keep_evidence_about_their_own_touchpoints_and_editors_all(role, touchpoints, allowed):
    user = account("olga", role)
    statement = replace(QUOTE, touchpoints=touchpoints)
    kept = services.note(statement, by=None, now=NOW)
    deeds = (
        lambda: services.note(statement, by=user, now=NOW),
        lambda: services.change(kept.id, replace(statement, text="x"), based_on=1, by=user, now=NOW),
        lambda: services.erase(kept.id, by=user),
    )
    for deed in deeds:
        if allowed:
            deed()
        else:
            with pytest.raises(NotAllowedError):
                deed()
    assert len(queries.all_evidence()) == 1


def test_an_owner_moves_evidence_neither_to_nor_away_from_a_touchpoint_of_others():
    olga = account("olga", "viewer")
    kept = services.note(QUOTE, by=None, now=NOW)
    with pytest.raises(NotAllowedError):
        services.change(kept.id, replace(QUOTE, touchpoints=("repair",)), based_on=1, by=olga, now=NOW)
    other = services.note(replace(QUOTE, touchpoints=("repair",)), by=None, now=NOW)
    with pytest.raises(NotAllowedError):
        services.change(other.id, QUOTE, based_on=1, by=olga, now=NOW)
