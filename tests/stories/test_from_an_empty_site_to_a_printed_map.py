"""From an empty site to a printed journey map with thirty touchpoints: by mouse, and by keyboard alone.

Both ways count what the hand does, so that no later page makes the way longer unseen.
"""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import expect

from support.looks import PASSWORD, Look
from wegmarke.plan import queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A list as it comes out of a workshop: numbered, with bullets, with a channel here and there.
PASTED = """\
1. Anzeige in der Suche; Web
2. Anzeige in sozialen Medien; Social Media
3. Katalog im Briefkasten; Brief
4. Empfehlung von Freunden
5. Bericht in einem Magazin
- Startseite des Shops
- Produktseite; Web
- Größenberater
- Chat im Shop; Chat
- Fragen und Antworten
- Newsletter; E-Mail

- Warenkorb
- Kundenkonto anlegen
- Bezahlen; Web
- Bestellung am Telefon; Telefon
- Bestellbestätigung; E-Mail
- Versandbestätigung; E-Mail
• Sendungsverfolgung; Web
• Paketübergabe an der Tür; Paket
• Auspacken; Paket
• Pflegehinweise im Paket
• Rechnung; E-Mail
• Zahlungserinnerung; Brief
• Kundenservice am Telefon; Telefon
• Kontaktformular; Web
• Retourenschein; Paket
• Gutschrift der Retoure; E-Mail
• Bitte um Bewertung; E-Mail
• Geburtstagsgutschein; E-Mail
• Noch einmal bestellen
"""
NAMES = [re.sub(r"^(\d+\.|[-•]) ", "", line).split(";")[0] for line in PASTED.splitlines() if line]
PHASES = {"Wahrnehmung": 5, "Bewertung": 6, "Kauf": 5, "Nutzung": 11, "Wiederkauf": 3}
"""How many of the list, in its order, stand in each phase of the model."""
CARDS = {"Produktseite": "Webshop", "Rechnung": "Buchhaltung", "Retourenschein": "Logistik"}
PURPOSE = "Zeigen, was es gibt und was es kostet"
A3 = (420 / 25.4 * 72, 297 / 25.4 * 72)


class Hand:
    """Clicks and keys as a person makes them, counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = self.keys = 0

    def click(self, target: Locator, **how) -> None:
        self.clicks += 1
        target.click(**how)

    def go(self, target: Locator) -> None:
        with self.page.expect_navigation():
            self.click(target)

    def press(self, key: str) -> None:
        self.keys += 1
        self.page.keyboard.press(key)

    def press_to_go(self, key: str) -> None:
        with self.page.expect_navigation():
            self.press(key)

    def skip(self) -> None:
        """Skip the navigation, as everybody does who has no mouse."""
        self.press("Tab")
        self.press("Enter")

    def tab_to(self, target: Locator) -> None:
        """Press Tab until the target has the focus; the page must lead there."""
        for _ in range(120):
            if target.count() and target.evaluate("one => one === document.activeElement"):
                return
            self.press("Tab")
        pytest.fail(f"{target} cannot be reached with Tab from here")


@pytest.fixture
def look() -> Look:
    return Look(language="de")


@pytest.fixture
def hand(browser_page, colleague) -> Hand:
    """Log in by keyboard; the first field has the focus."""
    browser_page.goto("/")
    browser_page.keyboard.type(colleague.username)
    browser_page.keyboard.press("Tab")
    browser_page.keyboard.type(PASSWORD)
    with browser_page.expect_navigation():
        browser_page.keyboard.press("Enter")
    return Hand(browser_page)


def texts_of(pdf: bytes) -> Iterator[bytes]:
    """Return what is written in a PDF outside its pictures, unpacked."""
    yield pdf
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            yield zlib.decompressobj().decompress(packed)
        except zlib.error:
            continue


def is_in(pdf: bytes, name: str) -> bool:
    wanted = {name.encode(), name.encode("utf-16-be"), name.encode("utf-16-be").hex().upper().encode()}
    return any(one in text for text in texts_of(pdf) for one in wanted)


def assert_is_one_sheet_with_all_names(pdf: bytes, svg: bytes) -> None:
    boxes = re.findall(rb"/MediaBox ?\[([^\]]+)\]", pdf)
    assert len(boxes) == 1
    assert [float(number) for number in boxes[0].split()][2:] == pytest.approx(A3, abs=0.5)
    assert [name for name in NAMES if not is_in(pdf, name)] == []
    drawn = ET.fromstring(svg)  # noqa: S314 - our own file
    cards = [one for one in drawn.iter() if "m-card" in (one.get("class") or "")]
    assert len(cards) >= len(NAMES)


def assert_all_is_planned() -> None:
    plan = queries.current().plan
    names = {phase.key: phase.name.de for phase in plan.phases}
    assert [one.name.de for one in plan.touchpoints] == NAMES
    assert [names[one.phases[0]] for one in plan.touchpoints] == [
        name for name, count in PHASES.items() for _ in range(count)
    ]
    owners = {one.name.de: one.owners for one in plan.touchpoints if one.owners}
    assert owners == {name: (owner,) for name, owner in CARDS.items()}
    assert plan.touchpoint("produktseite").purpose.de == PURPOSE


def downloaded(page: Page, action) -> bytes:
    with page.expect_download() as waiting:
        action()
    return Path(waiting.value.path()).read_bytes()


def test_by_mouse(hand):
    assert len(NAMES) == 30
    page = hand.page
    hand.go(page.get_by_role("link", name="Touchpoints sammeln"))
    page.keyboard.insert_text(PASTED)
    hand.go(page.get_by_role("button", name="Vor dem Speichern ansehen"))
    hand.go(page.get_by_role("button", name="Speichern", exact=True))
    hand.go(page.get_by_role("link", name="Journey-Modell wählen"))
    model = page.locator(".card").filter(has_text="Von der Wahrnehmung zum Wiederkauf")
    hand.go(model.get_by_role("button", name="Übernehmen"))
    hand.go(page.get_by_role("link", name="Viele auf einmal einordnen"))
    for phase, count in PHASES.items():
        ticks = page.locator("[name=keys]")
        hand.click(ticks.first)
        hand.click(ticks.nth(count - 1), modifiers=["Shift"])
        page.get_by_text(f"{count} ausgewählt").wait_for()
        hand.go(page.get_by_role("button", name=phase, exact=True))
    hand.go(page.get_by_role("link", name="Journey Map ansehen"))
    for name, owner in CARDS.items():
        hand.go(page.locator(f'.wm-map-stage .wm-map-card[data-key="{name.lower()}"]').first)
        hand.go(page.get_by_role("link", name="Bearbeiten", exact=True))
        hand.click(page.get_by_label("Zweck auf Deutsch"))
        page.keyboard.insert_text(PURPOSE)
        hand.click(page.locator("[name=owners]").first)
        page.keyboard.insert_text(owner)
        hand.go(page.get_by_role("button", name="Speichern").last)
        hand.go(page.get_by_role("link", name="Journey Map").first)
    pdf = downloaded(page, lambda: hand.click(page.get_by_role("link", name="PDF")))
    svg = downloaded(page, lambda: hand.click(page.get_by_role("link", name="SVG")))
    assert_all_is_planned()
    assert_is_one_sheet_with_all_names(pdf, svg)
    assert hand.clicks <= 44


def test_by_keyboard_alone(hand):
    page = hand.page
    hand.skip()
    hand.tab_to(page.get_by_role("link", name="Touchpoints sammeln"))
    hand.press_to_go("Enter")
    page.keyboard.insert_text(PASTED)
    hand.press_to_go("Control+Enter")
    page.wait_for_function("document.activeElement !== document.body")  # the browser takes its time
    hand.press_to_go("Enter")
    expect(page.get_by_role("link", name="Journey-Modell wählen")).to_be_focused()
    hand.press_to_go("Enter")
    model = page.locator(".card").filter(has_text="Von der Wahrnehmung zum Wiederkauf")
    hand.skip()
    hand.tab_to(model.get_by_role("button", name="Übernehmen"))
    hand.press_to_go("Enter")
    hand.skip()
    hand.tab_to(page.get_by_role("link", name="Viele auf einmal einordnen"))
    hand.press_to_go("Enter")
    for digit, count in enumerate(PHASES.values(), 1):
        expect(page.locator("[name=keys]").first).to_be_focused()
        for _ in range(count - 1):
            hand.press("Shift+ArrowDown")
        hand.press_to_go(str(digit))
    expect(page.get_by_role("link", name="Journey Map ansehen")).to_be_focused()
    hand.press_to_go("Enter")
    for name, owner in CARDS.items():
        hand.skip()
        hand.tab_to(page.locator(".wm-map-stage .wm-map-card").first)
        lead_to(hand, name)
        hand.press_to_go("Enter")
        hand.skip()
        hand.tab_to(page.get_by_role("link", name="Bearbeiten", exact=True))
        hand.press_to_go("Enter")
        hand.skip()
        hand.tab_to(page.get_by_label("Zweck auf Deutsch"))
        page.keyboard.insert_text(PURPOSE)
        hand.tab_to(page.locator("[name=owners]").first)
        page.keyboard.insert_text(owner)
        hand.press_to_go("Enter")
        hand.tab_to(page.get_by_role("link", name="Journey Map").first)
        hand.press_to_go("Enter")
    hand.skip()
    hand.tab_to(page.get_by_role("link", name="PDF"))
    pdf = downloaded(page, lambda: hand.press("Enter"))
    hand.tab_to(page.get_by_role("link", name="SVG"))
    svg = downloaded(page, lambda: hand.press("Enter"))
    assert_all_is_planned()
    assert_is_one_sheet_with_all_names(pdf, svg)
    assert hand.keys <= 240


def lead_to(hand: Hand, name: str) -> None:
    """Go from the first card to another by the arrow keys, first to its phase, then down."""
    target = hand.page.locator(f'.wm-map-stage .wm-map-card[data-key="{name.lower()}"]')
    middle = "one => { const box = one.getBoundingClientRect(); return [box.x + box.width / 2, box.y]; }"
    for _ in range(30):
        x, y = hand.page.evaluate(f"({middle})(document.activeElement)")
        wanted_x, wanted_y = target.evaluate(middle)
        if abs(wanted_x - x) < 2 and abs(wanted_y - y) < 2:
            return
        hand.press("ArrowRight" if wanted_x > x + 2 else "ArrowDown")
    pytest.fail(f"{name} cannot be reached with the arrow keys")


HEADED = """\
# How customers meet us
Perception:
Search ad; web; ; Ayla Demir
Ad in social media; social media; ; Ayla Demir
Catalogue in the letter box; letter; ; Ayla Demir
Recommendation by friends
Report in a magazine
Evaluation:
Home page of the shop; web; ; Jana Rees
Product page; web; ; Jana Rees
Size adviser; web; ; Jana Rees
Chat in the shop; chat; ; Timo Beck
Questions and answers; web; ; Timo Beck
Newsletter; e-mail; ; Ayla Demir
Purchase:
Basket; web; ; Jana Rees
Customer account; web; ; Jana Rees
Payment; web; ; Jana Rees
Order by phone; phone; ; Timo Beck
Order confirmation; e-mail; ; Jana Rees
Use:
Shipping confirmation; e-mail; ; Cem Aksoy
Parcel tracking; web; ; Cem Aksoy
Parcel at the door; parcel; ; Cem Aksoy
Unboxing; parcel; ; Cem Aksoy
Care instructions; parcel; ; Cem Aksoy
Invoice; e-mail; ; Ingrid Falk
Payment reminder; letter; ; Ingrid Falk
Customer service; phone; ; Timo Beck
Contact form; web; ; Timo Beck
Return label; parcel; ; Cem Aksoy
Credit note; e-mail; ; Ingrid Falk
Repurchase:
Request for a review; e-mail; ; Ayla Demir
Birthday voucher; e-mail; ; Ayla Demir
Order once more; web; ; Jana Rees
"""


@pytest.mark.parametrize("look", [Look(language="en")], ids=str)
def test_a_list_with_headings_is_a_map_with_phases_channels_and_owners_in_a_few_keys(hand):
    page = hand.page
    hand.skip()
    hand.tab_to(page.get_by_role("link", name="Collect touchpoints"))
    hand.press_to_go("Enter")
    page.keyboard.insert_text(HEADED)
    hand.press_to_go("Control+Enter")
    hand.press_to_go("Enter")
    expect(page.get_by_role("link", name="See the journey map")).to_be_focused()
    hand.press_to_go("Enter")
    hand.skip()
    hand.tab_to(page.get_by_role("link", name="PDF"))
    pdf = downloaded(page, lambda: hand.press("Enter"))
    plan = queries.current().plan
    # The phases of the shipped model come in its order, with both names and the goal of customers.
    assert [(one.name.de, one.name.en, bool(one.goal)) for one in plan.journeys[0].phases] == [
        ("Wahrnehmung", "Perception", True),
        ("Bewertung", "Evaluation", True),
        ("Kauf", "Purchase", True),
        ("Nutzung", "Use", True),
        ("Wiederkauf", "Repurchase", True),
    ]
    assert len(plan.touchpoints) == 30
    assert all(one.phases for one in plan.touchpoints)
    assert sum(one.channel is not None for one in plan.touchpoints) == 28
    assert sum(one.owners != () for one in plan.touchpoints) == 28
    assert [one.name.en for one in plan.touchpoints if not is_in(pdf, one.name.en)] == []
    assert hand.keys <= 20
