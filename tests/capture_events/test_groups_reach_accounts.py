"""What group messages say reaches the accounts, once, in the transaction that moves them to the log."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone

from wegmarke.capture.events import moving
from wegmarke.capture.inbox import InboxBatch
from wegmarke.capture.receiving.storing import inbox_batch
from wegmarke.people.accounts import queries as accounts
from wegmarke.people.accounts import services
from wegmarke.record import queries as record

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now().replace(microsecond=0)


def put(source: int, *events) -> None:
    content = json.dumps({"batch": list(events)}).encode()
    inbox_batch(source=source, received_at=NOW, kind="", events=len(events), content=content).save()


def group(number: int, **more) -> dict:
    said = {"type": "group", "userId": f"u{number}", "groupId": "acme", "messageId": f"g{number}"}
    return said | {"traits": {"name": "Acme", "employees": 20}, **more}


def test_a_group_message_fills_account_contact_and_traits_and_counts_once(source):
    put(source, group(1), group(1), group(2))
    moving.move_some(now=NOW)
    put(source, group(1))
    moving.move_some(now=NOW)
    assert accounts.contacts("acme") == (("u1", True), ("u2", True))
    assert [fact.messages for fact in accounts.facts_of("acme")] == [1, 1]
    assert [(one.name, one.value, one.source) for one in accounts.traits("acme")] == [
        ("employees", "20", "Shop"),
        ("name", "Acme", "Shop"),
    ]
    said = {one.name: (one.value, one.at, one.source) for one in record.traits_of(["u1"])}
    assert said["account"] == ("acme", NOW, "Shop")


def test_a_refused_group_message_says_nothing(source):
    put(source, group(1, groupId=""), group(2, traits={"name": "x" * 2000}))
    moving.move_some(now=NOW)
    assert accounts.accounts()[0] == ()


def test_where_the_move_fails_neither_log_nor_account_has_it(source, monkeypatch):
    put(source, group(1))

    def fail(_groups, *, now):
        raise OSError

    monkeypatch.setattr(services, "learn", fail)
    with pytest.raises(OSError):  # noqa: PT011 - raised right above
        moving.move_some(now=NOW)
    assert InboxBatch.objects.count() == 1
    assert record.traits_of(["u1"]) == ()
    assert accounts.accounts()[0] == ()
