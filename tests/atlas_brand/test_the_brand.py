"""Promises, who has to keep them, and whether the experience is consistent."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from support.insights import analysis
from wegmarke.analysis.insight import Estimate
from wegmarke.analysis.map_insight import Difference, SpreadCell
from wegmarke.atlas.brand import rules
from wegmarke.atlas.brand.rules import Kept
from wegmarke.plan import queries as plans
from wegmarke.plan import services as planning
from wegmarke.plan.contracts import Plan, Promise, Status, Text, Touchpoint

PAGE = "/map/brand/"
QUICK, PLAIN = Promise("quick", Text("Schnell", "Quick help")), Promise("plain", Text("Klar", "Plain words"))


def cell(
    touchpoint: str, value: float, half: float = 0.05, *, away: float | None = None, named: bool = False
):
    difference = None if away is None else Difference(away, away - 0.05, away + 0.05, 200, 0.001, 0.002)
    return SpreadCell(
        touchpoint,
        "",
        500,
        300,
        50,
        100,
        50,
        Estimate(value, value - half, value + half, 200),
        difference,
        named,
    )


def promised(**by_touchpoint: tuple[str, ...]):
    found = analysis()
    touchpoints = tuple(
        replace(one, promises=by_touchpoint.get(one.key, ())) for one in found.plan.touchpoints
    )
    return replace(found, plan=replace(found.plan, touchpoints=touchpoints, promises=(QUICK, PLAIN)))


# Rules


def test_a_promise_compares_its_touchpoints_with_the_others_each_counting_the_same():
    found = promised(checkout=("quick",), repair=("quick",))
    cells = {
        "checkout": cell("checkout", -0.4),
        "repair": cell("repair", -0.2),
        "tasting": cell("tasting", 0.5, 0.1),
        "app": cell("app", 0.3, 0.1),
    }
    quick, plain = rules.keepings(found.plan, cells, 20)
    assert quick.theirs.estimate == pytest.approx(-0.3)
    assert quick.rest.estimate == pytest.approx(0.4)
    assert (quick.more.estimate, quick.more.low, quick.more.high) == pytest.approx((-0.7, -0.85, -0.55))
    assert plain.theirs is None
    assert plain.more is None


def test_touchpoints_few_have_rated_are_not_compared():
    found = promised(checkout=("quick",))
    quick, _plain = rules.keepings(found.plan, {"checkout": cell("checkout", -0.4)}, 10_000)
    assert quick.theirs is None


def test_a_retired_touchpoint_stands_on_neither_side():
    found = promised(checkout=("quick",), repair=("quick",))
    gone = tuple(
        replace(one, status=Status.RETIRED) if one.key in {"repair", "app"} else one
        for one in found.plan.touchpoints
    )
    cells = {
        "checkout": cell("checkout", -0.4),
        "repair": cell("repair", -0.2),
        "tasting": cell("tasting", 0.5),
        "app": cell("app", 0.3),
    }
    quick, _plain = rules.keepings(replace(found.plan, touchpoints=gone), cells, 20)
    assert (quick.touchpoints, quick.compared) == (("checkout",), 1)
    assert quick.theirs.estimate == pytest.approx(-0.4)
    assert quick.rest.estimate == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        (None, Kept.UNKNOWN),
        (cell("x", 0.1), Kept.UNKNOWN),
        (cell("x", 0.1, away=-0.02), Kept.AS_OTHERS),
        (cell("x", 0.1, away=-0.4, named=True), Kept.NOT),
        (cell("x", 0.1, away=0.4, named=True), Kept.BETTER),
    ],
)
def test_a_touchpoint_keeps_a_promise_unless_it_demonstrably_falls_behind(found, kept):
    assert rules.kept(found) is kept


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.95])
def test_the_interval_of_an_average_covers_whatever_the_correlation_within_persons(correlation):
    random = np.random.default_rng(11)
    runs, persons, places = 300, 200, 4
    covariance = np.full((places, places), correlation) + np.eye(places) * (1 - correlation)
    truths = np.array([0.3, 0.1, -0.1, 0.2])
    covered = np.zeros(2)
    for _ in range(runs):
        rated = random.multivariate_normal(truths, covariance, persons)
        mean, half = rated.mean(axis=0), 1.96 * rated.std(axis=0, ddof=1) / np.sqrt(persons)
        cells = [cell(str(k), mean[k], half[k]) for k in range(places)]
        theirs, rest = rules.average(cells[:2]), rules.average(cells[2:])
        more = rules.difference(theirs, rest)
        covered += [
            theirs.low <= truths[:2].mean() <= theirs.high,
            more.low <= truths[:2].mean() - truths[2:].mean() <= more.high,
        ]
    assert (covered / runs >= 0.93).all()


def test_only_what_was_changed_in_the_form_is_changed():
    before = {("quick", "app"), ("plain", "app")}
    after = {("quick", "app"), ("quick", "repair")}
    assert rules.changed(before, after) == {
        "app": (frozenset(), frozenset({"plain"})),
        "repair": (frozenset({"quick"}), frozenset()),
    }


# Pages


@pytest.mark.django_db
class TestThePage:
    """The page itself."""

    def test_inconsistent_touchpoints_are_named_with_their_interval(self, store, log_in):
        store(promised())
        page = log_in().get(PAGE).content.decode()
        assert "</a>” is lived through 33 to 51 points worse than the average of the others." in page
        assert '“<a href="/map/touchpoints/coupon_mail/">Offer mail</a>”' in page
        assert "differs by 18 points (standard deviation, interval 14 to 23)" in page

    def test_each_group_has_an_address_of_its_own(self, store, log_in):
        store(promised())
        client = log_in()
        page = client.get(f"{PAGE}?by=Segment&group=Gewerbe").content.decode()
        assert "Segment: Gewerbe" in page
        assert "all others" in page
        assert client.get(f"{PAGE}?by=Nonsense&group=x").status_code == 200

    def test_a_group_too_small_to_tell_says_so(self, store, log_in):
        store(promised())
        page = log_in().get(f"{PAGE}?by=Region&group=").content.decode()
        assert "Too few touchpoints are rated" in page

    def test_how_a_promise_is_kept_is_said_in_words(self, store, log_in):
        store(promised(coupon_mail=("quick",)))
        page = log_in().get(PAGE).content.decode()
        assert "Its touchpoint is at −10" in page  # noqa: RUF001
        assert "They demonstrably fall behind" in page
        assert "No touchpoint has to keep it yet" in page  # the other promise

    def test_an_average_names_only_the_touchpoints_it_is_made_of(self, store, log_in):
        store(promised(coupon_mail=("quick",), cancellation=("quick",)))
        page = log_in().get(PAGE).content.decode()
        assert "Of its 2 touchpoints 1 is rated often enough to be compared: it is at −10" in page  # noqa: RUF001
        assert "Its 2 touchpoints are at" not in page

    def test_without_figures_promises_can_be_written_down(self, log_in):
        page = log_in().get(PAGE).content.decode()
        assert "There are no figures yet" in page

    @pytest.mark.parametrize("name", ["consistency.csv", "consistency.xlsx", "groups.csv"])
    def test_tables_can_be_taken_away(self, store, log_in, name):
        store(promised())
        assert log_in().get(f"{PAGE}{name}?by=Segment").status_code == 200

    def test_it_needs_few_queries(self, store, log_in, django_assert_max_num_queries):
        store(promised(coupon_mail=("quick",)))
        client = log_in()
        client.get(PAGE)
        with django_assert_max_num_queries(8):
            client.get(PAGE)


@pytest.mark.django_db
class TestPromises:
    """Adding, changing, removing and assigning them."""

    def test_a_promise_is_added_changed_and_removed(self, store, log_in):
        store()
        client = log_in()
        client.post(f"{PAGE}promise/", {"name_de": "Schnelle Hilfe", "name_en": "Quick help!"})
        (made,) = plans.current().plan.promises
        assert (made.key, made.name) == ("quick_help", Text("Schnelle Hilfe", "Quick help!"))
        version = plans.current().version
        client.post(
            f"{PAGE}promise/quick_help/", {"name_de": "Sofort", "about_en": "now", "based_on": version}
        )
        assert plans.current().plan.promises == (Promise("quick_help", Text("Sofort", ""), Text("", "now")),)
        assert "Remove “Sofort”?" in client.get(f"{PAGE}promise/quick_help/remove/").content.decode()
        assert len(plans.current().plan.promises) == 1
        client.post(f"{PAGE}promise/quick_help/remove/")
        assert plans.current().plan.promises == ()

    def test_the_same_name_twice_gets_another_key(self, store, log_in):
        store()
        client = log_in()
        for _ in range(2):
            client.post(f"{PAGE}promise/", {"name_en": "Quick"})
        assert [one.key for one in plans.current().plan.promises] == ["quick", "quick_2"]

    def test_umlauts_are_spelt_out_in_keys_as_everywhere(self, store, log_in):
        store()
        log_in().post(f"{PAGE}promise/", {"name_de": "Überall gleich schnell", "name_en": ""})
        assert [one.key for one in plans.current().plan.promises] == ["ueberall_gleich_schnell"]

    @pytest.mark.parametrize("name", ["!!!", "日本", "x" * 200])
    def test_any_name_makes_a_key(self, store, log_in, name):
        store()
        assert log_in().post(f"{PAGE}promise/", {"name_en": name}).status_code == 302

    def test_a_promise_without_a_name_is_refused(self, store, log_in):
        store()
        response = log_in().post(f"{PAGE}promise/", {"about_de": "x"})
        assert response.status_code == 422
        assert "needs a name" in response.content.decode()

    def test_the_second_of_two_sees_the_change_of_the_first(self, store, log_in):
        store(promised())
        client = log_in()
        seen = plans.current().version
        theirs = replace(QUICK, name=Text("Flott", "Swift help"))
        planning.save_promise(theirs, based_on=seen, by=None, now=_now())
        data = {"name_de": "Meins", "name_en": "Mine", "based_on": seen}
        response = client.post(f"{PAGE}promise/quick/", data)
        assert response.status_code == 422
        assert "Swift help" in response.content.decode()
        assert plans.current().plan.promises[0] == theirs
        again = {**data, "based_on": plans.current().version}
        assert f'value="{again["based_on"]}"' in response.content.decode()
        client.post(f"{PAGE}promise/quick/", again)
        assert plans.current().plan.promises[0].name == Text("Meins", "Mine")

    def test_saving_again_after_a_conflict_keeps_what_others_changed_besides(self, store, log_in):
        store(promised())
        client = log_in()
        sent = {"name_de": "Meins", "name_en": QUICK.name.en, "based_on": plans.current().version}
        theirs = replace(QUICK, name=Text("Flott", "Swift help"), about=Text("sofort", "at once"))
        planning.save_promise(theirs, based_on=sent["based_on"], by=None, now=_now())
        form = client.post(f"{PAGE}promise/quick/", sent).context["form"]
        again = {name: form[name].value() for name in form.fields}
        client.post(f"{PAGE}promise/quick/", again)
        assert plans.current().plan.promises[0] == replace(theirs, name=Text("Meins", QUICK.name.en))

    @pytest.mark.parametrize("based_on", ["99999", "-5", "0", ""])
    def test_a_version_that_never_was_is_taken_as_the_newest(self, store, log_in, based_on):
        store(promised())
        log_in().post(f"{PAGE}promise/quick/", {"name_en": "Fast", "based_on": based_on})
        assert plans.current().plan.promises[0].name == Text("", "Fast")

    def test_more_ticks_than_a_usual_form_has_are_saved(self, log_in):
        many = tuple(Touchpoint(f"t{n}", Text(f"T{n}", f"T{n}")) for n in range(510))
        planning.save(Plan(Text("", "Shop"), touchpoints=many, promises=(QUICK, PLAIN)), by=None, now=_now())
        boxes = [f"{promise} t{n}" for promise in ("quick", "plain") for n in range(510)]
        data = {"was": "", "keeps": boxes}
        assert log_in().post(f"{PAGE}assign/", data).status_code == 302
        assert {one.promises for one in plans.current().plan.touchpoints} == {("plain", "quick")}

    def test_what_was_ticked_is_sent_along_as_one_field(self, store, log_in):
        store(promised(app=("quick", "plain"), repair=("plain",)))
        page = log_in().get(PAGE).content.decode()
        (was,) = re.findall(r'name="was" value="([^"]*)"', page)
        assert set(was.split(",")) == {"quick app", "plain app", "plain repair"}

    def test_ticks_are_saved_in_one_version_and_keep_what_others_did(self, store, log_in):
        store(promised(app=("quick",)))
        client = log_in()
        version = plans.current().version
        app = plans.current().plan.touchpoint("app")
        planning.change_touchpoint(
            replace(app, promises=("quick", "plain")), based_on=version, by=None, now=_now()
        )
        client.post(f"{PAGE}assign/", {"was": ["quick app"], "keeps": ["quick repair", "plain repair"]})
        after = plans.current()
        assert after.version == version + 2
        assert after.plan.touchpoint("app").promises == ("plain",)
        assert after.plan.touchpoint("repair").promises == ("plain", "quick")

    def test_nothing_changed_makes_no_version(self, store, log_in):
        store(promised(app=("quick",)))
        before = plans.current().version
        log_in().post(
            f"{PAGE}assign/", {"was": ["quick app"], "keeps": ["quick app", "nonsense", "no way x"]}
        )
        assert plans.current().version == before

    def test_a_viewer_may_read_and_change_nothing(self, store, log_in):
        store(promised(app=("quick",)))
        client = log_in("viewer")
        page = client.get(PAGE).content.decode()
        assert "Add a promise" not in page
        assert client.get(f"{PAGE}promise/").status_code == 403
        assert client.post(f"{PAGE}promise/", {"name_en": "x"}).status_code == 403
        assert client.post(f"{PAGE}promise/quick/remove/").status_code == 403
        assert client.post(f"{PAGE}assign/", {"keeps": ["quick repair"]}).status_code == 403
        assert plans.current().version == 1

    def test_an_owner_may_tick_the_own_touchpoint_only(self, store, log_in):
        found = promised()
        touchpoints = tuple(
            replace(one, owners=("kim",)) if one.key == "app" else one for one in found.plan.touchpoints
        )
        store(replace(found, plan=replace(found.plan, touchpoints=touchpoints)))
        client = log_in("viewer", "kim")
        assert client.post(f"{PAGE}assign/", {"keeps": ["quick app"]}).status_code == 302
        assert client.post(f"{PAGE}assign/", {"keeps": ["quick repair"]}).status_code == 403
        assert plans.current().plan.touchpoint("app").promises == ("quick",)

    def test_a_promise_that_is_gone_is_not_found(self, store, log_in):
        store(promised())
        client = log_in()
        assert client.get(f"{PAGE}promise/nothing/").status_code == 404
        assert client.post(f"{PAGE}promise/nothing/remove/").status_code == 404


def _now():
    from django.utils import timezone

    return timezone.now()
