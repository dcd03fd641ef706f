"""Personal values are sealed on their way to the disk, and nothing else is."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wegmarke.record import services
from wegmarke.record.attributes import raw_attributes
from wegmarke.record.contracts import EVENT_SCHEMA, TRAITS_SCHEMA
from wegmarke.record.layout import log_folder
from wegmarke.record.models import LogFile
from wegmarke.record.personal import (
    HIDDEN,
    is_personal_trait,
    opened_properties,
    sealed_properties,
    sealed_traits,
    shown_properties,
)
from wegmarke.sealing.keys import KEY_BYTES, TEXT, Keyring

KEYS = Keyring([b"o" * KEY_BYTES])
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def traits(**values: str | None) -> pa.Table:
    rows = [
        {"person": "u", "name": name.replace("__", "."), "value": value} for name, value in values.items()
    ]
    return pa.Table.from_pylist(rows, TRAITS_SCHEMA)


def events(*properties: str | None) -> pa.Table:
    rows = [{"person": "u", "time": NOW, "name": "x", "properties": one} for one in properties]
    return pa.Table.from_pylist(rows, EVENT_SCHEMA)


@pytest.mark.parametrize(
    "name",
    ["email", "E-Mail", "first_name", "First Name", "billing.street", "Straße", "name", "address.city"],
)
def test_traits_that_say_who_somebody_is_are_personal(name):
    assert is_personal_trait(name)


@pytest.mark.parametrize(
    "name", ["plan", "country", "account.name", "hotel", "cancelled", "mailing_list", ""]
)
def test_traits_that_compare_persons_are_not(name):
    assert not is_personal_trait(name)


def test_only_personal_traits_are_sealed():
    table = sealed_traits(traits(email="a@b.example", plan="gold", phone=None), KEYS)
    values = table.column("value").to_pylist()
    assert values[0].startswith(TEXT)
    assert KEYS.open_text(values[0]) == "a@b.example"
    assert values[1:] == ["gold", None]
    assert table.schema == TRAITS_SCHEMA


def test_only_personal_properties_are_sealed_however_deep_they_stand():
    text = json.dumps(
        {"name": "Coffee", "cart": [{"E-Mail": "a@b.example", "sku": 1}], "tel": 12, "address1": {"x": "y"}}
    )
    sealed = json.loads(sealed_properties(events(text), KEYS).column("properties")[0].as_py())
    assert sealed["name"] == "Coffee"
    assert sealed["cart"][0]["sku"] == 1
    for value in (sealed["cart"][0]["E-Mail"], sealed["tel"], sealed["address1"]["x"]):
        assert value.startswith(TEXT)
    opened = json.loads(opened_properties(json.dumps(sealed), KEYS))
    assert opened["cart"][0]["E-Mail"] == "a@b.example"
    assert opened["tel"] == "12"


names = st.sampled_from(["email", "Phone", "first-name", "plan", "Straße", "n", "mailing"])
values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(names, values, max_size=3) | st.none(), max_size=4))
def test_no_text_below_a_personal_name_stays_readable_and_the_rest_stays(found):
    def below(value, *, personal):
        if isinstance(value, dict):
            for name, inner in value.items():
                yield from below(inner, personal=personal or is_personal_trait(f"account.{name}"))
        elif isinstance(value, list):
            for inner in value:
                yield from below(inner, personal=personal)
        else:
            yield personal, value

    texts = [None if one is None else json.dumps(one, ensure_ascii=False) for one in found]
    kept = sealed_properties(events(*texts), KEYS).column("properties").to_pylist()
    for before, after in zip(found, kept, strict=True):
        if before is None:
            assert after is None
            continue
        pairs = zip(below(before, personal=False), below(json.loads(after), personal=False), strict=True)
        for (personal, old), (_same, new) in pairs:
            if personal and isinstance(old, str | int) and not isinstance(old, bool):
                assert KEYS.open_text(new) == str(old) != new
            else:
                assert new == old


def test_examples_of_events_show_no_personal_value():
    text = sealed_properties(events('{"email": "a@b.example", "plan": "gold"}'), KEYS)
    shown = shown_properties(text.column("properties")[0].as_py())
    assert shown == {"email": HIDDEN, "plan": "gold"}


@pytest.mark.parametrize("text", [None, "", "[]", "no json", "1"])
def test_properties_that_are_no_object_show_nothing(text):
    assert shown_properties(text) == {}


def test_properties_that_are_no_json_stay_as_they_are():
    text = '{"email": '
    assert sealed_properties(events(text), KEYS).column("properties").to_pylist() == [text]


def test_personal_traits_are_no_attributes_of_journeys():
    table = sealed_traits(traits(email="a@b.example", plan="gold"), KEYS)
    assert [one.name for one in raw_attributes(table, pa.array(["u"]))] == ["plan"]


@pytest.mark.django_db(transaction=True)
def test_no_file_of_the_log_holds_a_personal_value_in_the_clear():
    services.append(
        events=events('{"email": "canary@b.example", "plan": "gold"}'),
        traits=traits(email="canary@b.example", plan="gold"),
        source="test",
        batch_key="1",
    )
    found = ""
    for path in LogFile.objects.exclude(kind="ids").values_list("path", flat=True):
        found += json.dumps(pq.read_table(log_folder() / path).to_pylist(), default=str)
    assert "canary" not in found
    assert "gold" in found
    assert TEXT in found
