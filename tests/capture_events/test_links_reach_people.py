"""What messages say of two identifiers reaches the facts about who is who, once, and then the journeys."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone

from wegmarke.capture.events import moving
from wegmarke.capture.receiving.storing import inbox_batch
from wegmarke.insights import steps
from wegmarke.people import queries as people
from wegmarke.people import services
from wegmarke.people.contracts import Kind
from wegmarke.record import queries as record

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now().replace(microsecond=0)


@pytest.fixture(autouse=True)
def nothing_remembered():
    people.forget()
    yield
    people.forget()


def put(source: int, *events) -> None:
    content = json.dumps({"batch": list(events)}).encode()
    inbox_batch(source=source, received_at=NOW, kind="", events=len(events), content=content).save()


def move_all() -> None:
    while moving.move_some(now=NOW):
        pass


def event(number: int, **more) -> dict:
    return {"type": "track", "event": "x", "userId": f"u{number}", "messageId": f"m{number}", **more}


def visit(number: int, **more) -> dict:
    return event(number, messageId=f"v{number}", userId=None, anonymousId=f"browser-{number}", **more)


def login(number: int, **more) -> dict:
    said = {"type": "identify", "userId": f"u{number}", "anonymousId": f"browser-{number}"}
    return said | {"messageId": f"i{number}", **more}


def touches() -> dict[str, int]:
    counted = {}
    for shard in record.shards(record.current_build()):
        sizes = shard.journeys.offsets[1:] - shard.journeys.offsets[:-1]
        counted |= dict(zip(shard.persons.to_pylist(), sizes.tolist(), strict=True))
    return counted


def test_a_link_is_learned_once_however_often_its_message_comes(source):
    put(source, login(1), login(1), event(2))
    move_all()
    put(source, login(1))
    move_all()
    (fact,) = people.facts_about(["u1"])
    assert (fact.one, fact.other, fact.kind, fact.messages) == ("~a:browser-1", "u1", Kind.IDENTIFY, 1)
    assert fact.source == "Shop"


def test_refused_messages_link_nobody(source):
    put(source, login(1), login(1, userId="somebody else"), event(3, anonymousId="browser-3", event=""))
    move_all()
    assert [(one.one, one.other) for one in people.facts_about(["u1", "somebody else", "u3"])] == [
        ("~a:browser-1", "u1")
    ]


def test_a_move_that_fails_learns_nothing_and_the_next_one_all(source, monkeypatch):
    put(source, login(1))
    settle = moving._Move.settle

    def failing(self):
        settle(self)
        raise OSError(28, "full")

    with monkeypatch.context() as patched:
        patched.setattr(moving._Move, "settle", failing)
        with pytest.raises(OSError, match="full"):
            move_all()
    assert (people.state(), people.facts_about(["u1"])) == (0, ())
    move_all()
    assert [fact.messages for fact in people.facts_about(["u1"])] == [1]


def test_a_visitor_and_the_person_who_logs_in_become_one_journey_and_two_again(source):
    put(source, visit(1), visit(2), event(1))
    move_all()
    moment = NOW
    steps.refresh_one(moment)
    assert touches() == {"~a:browser-1": 1, "~a:browser-2": 1, "u1": 1}
    put(source, login(1))
    move_all()
    assert steps.refresh_one(moment)
    assert touches() == {"~a:browser-2": 1, "u1": 2}
    number = services.separate("u1", "~a:browser-1", by=None, reason="shared", now=moment)
    assert steps.refresh_one(moment)
    assert touches() == {"~a:browser-1": 1, "~a:browser-2": 1, "u1": 1}
    services.undo(number, by=None, now=moment)
    assert steps.refresh_one(moment)
    assert touches() == {"~a:browser-2": 1, "u1": 2}
    assert not steps.refresh_one(moment)


def test_a_device_two_persons_use_stays_a_person_of_its_own(source):
    put(source, visit(1), login(1), login(1, userId="u9", messageId="other"), event(1), event(9))
    move_all()
    steps.refresh_one(NOW)
    assert touches() == {"~a:browser-1": 1, "u1": 1, "u9": 1}
    assert [one.persons for one in people.resolution().conflicts] == [("u1", "u9")]
