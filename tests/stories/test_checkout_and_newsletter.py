"""Story 1, end to end: the checkout is a moment that matters, the newsletter is not."""

import json
import subprocess
import sys

import pytest
from django.utils import timezone
from shop import write

from wegmarke.capture import steps as capture_steps
from wegmarke.insights import steps as insight_steps


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    return write(tmp_path_factory.mktemp("shop"))


def classes(events, *options):
    """Run the real command and return the class of each touchpoint."""
    command = [sys.executable, "-m", "wegmarke.cli", "analyse", str(events), "--format", "json", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {m["touchpoint"]: m["class"] for m in json.loads(done.stdout)["moments"]}


def test_the_command_finds_it_by_the_rules_of_a_plan(shop):
    events, plan = shop
    found = classes(events, "--plan", str(plan), "--experience", "erlebnis", "--scale", "bad-neutral-good")
    assert found["bezahlen"] == "breaks"
    assert found["kontaktformular"] == "breaks"
    assert found["newsletter"] == "annoys_harmless"
    assert found["anmeldezwang"] != "breaks"


def test_the_command_finds_it_without_a_plan_too(shop):
    events, _ = shop
    found = classes(
        events,
        *("--experience", "erlebnis", "--scale", "bad-neutral-good", "--attribute", "kundentyp"),
        *("--leaving-event", "Konto geschlossen", "--moving-on", "Bestellung"),
    )
    assert found["Zahlung"] == "breaks"
    assert found["Newsletter"] == "annoys_harmless"


def test_the_newsletter_said_to_be_a_contact_does_not_end_a_silence(shop):
    events, _ = shop
    found = classes(
        events,
        *("--experience", "erlebnis", "--scale", "bad-neutral-good", "--attribute", "kundentyp"),
        *("--contact", "Newsletter", "--quiet-days", "60", "--moving-on", "Bestellung"),
    )
    assert found["Zahlung"] == "breaks"
    assert found["Newsletter"] == "annoys_harmless"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_file_uploaded_on_the_page_leads_to_the_same_moments(shop, signed_in_page):
    events, _ = shop
    page = signed_in_page
    page.goto("/settings/import/")
    page.locator("input[type=file]").set_input_files(events)
    page.locator("[data-upload] button[type=submit]").click()
    page.wait_for_url("**/columns/")
    page.locator("[name=experience]").select_option(label="erlebnis")
    page.locator("[name=scale]").select_option("bad-neutral-good")
    page.locator("button[value=continue]").click()
    page.wait_for_url("**/meaning/")
    page.get_by_role("radio", name="One of these events").check()
    page.get_by_role("group", name="leaving").get_by_label("Konto geschlossen").check()
    page.get_by_role("group", name="moving on").get_by_label("Bestellung").check()
    page.locator("main form button[type=submit].btn-primary").click()
    page.locator("#progress progress").wait_for()
    assert capture_steps.import_one(timezone.now())
    assert insight_steps.refresh_one(timezone.now())
    page.goto("/understand/moments/")
    rows = {row.locator("a").first.inner_text(): row.inner_text() for row in page.locator("tr:has(a)").all()}
    assert "breaks" in rows["Zahlung"]
    assert "annoys, harmless" in rows["Newsletter"]
