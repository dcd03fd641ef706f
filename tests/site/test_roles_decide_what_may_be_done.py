"""Every address of the team, of imports, sources and persons, asked by every role: who is let through."""

from __future__ import annotations

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from support.imports import CSV, MAPPING, NOW
from wegmarke.capture import services as imports
from wegmarke.capture import storage
from wegmarke.capture import urls as import_urls
from wegmarke.capture.models import Import, SavedMapping, WriteKey
from wegmarke.capture.sources import services as sources
from wegmarke.capture.sources import urls as source_urls
from wegmarke.capture.uploading import ReceivedFile
from wegmarke.people import urls as people_urls
from wegmarke.people.access import urls as access_urls
from wegmarke.people.consent import urls as consent_urls
from wegmarke.people.erasure import urls as erasure_urls
from wegmarke.people.processing import urls as processing_urls
from wegmarke.profiles import urls as profile_urls
from wegmarke.team import colleague_urls
from wegmarke.team.contracts import PERSONS, NotAllowedError, Role, require_role
from wegmarke.team.models import AccountChange, User

pytestmark = pytest.mark.django_db

EVERYBODY, EDITORS, OFFICERS, ADMINISTRATORS = ((role,) for role in Role)
NEEDED = {
    "colleagues:team": {"get": ADMINISTRATORS},
    "colleagues:add": {"get": ADMINISTRATORS, "post": ADMINISTRATORS},
    "colleagues:history": {"get": ADMINISTRATORS},
    "colleagues:account": {"get": ADMINISTRATORS, "post": ADMINISTRATORS},
    "colleagues:password": {"post": ADMINISTRATORS},
    "colleagues:deactivate": {"post": ADMINISTRATORS},
    "colleagues:reactivate": {"post": ADMINISTRATORS},
    "capture:imports": {"get": EVERYBODY, "post": EDITORS},
    "capture:import": {"get": EVERYBODY},
    "capture:progress": {"get": EVERYBODY},
    "capture:rejected": {"get": PERSONS},
    "capture:columns": {"get": EDITORS, "post": EDITORS},
    "capture:check": {"post": EDITORS},
    "capture:meaning": {"get": EDITORS, "post": EDITORS},
    "capture:cancel": {"post": EDITORS},
    "capture:again": {"post": EDITORS},
    "capture:retry": {"post": EDITORS},
    "capture:use": {"post": EDITORS},
    "capture:set_aside": {"post": EDITORS},
    "capture:mapping": {"get": EVERYBODY, "post": EDITORS},
    "capture:mapping_columns": {"get": EDITORS, "post": EDITORS},
    "capture:mapping_delete": {"post": EDITORS},
    "sources:sources": {"get": EVERYBODY},
    "sources:add": {"get": ADMINISTRATORS, "post": ADMINISTRATORS},
    "sources:refused": {"get": PERSONS},
    "sources:send_again": {"post": EDITORS},
    "sources:delete": {"post": PERSONS},
    "sources:source": {"get": EVERYBODY},
    "sources:add_webhook": {"get": ADMINISTRATORS, "post": ADMINISTRATORS},
    "sources:webhook": {"get": EDITORS, "post": EDITORS},
    "sources:webhook_secret": {"post": ADMINISTRATORS},
    "sources:make_key": {"post": ADMINISTRATORS},
    "sources:revoke_key": {"post": ADMINISTRATORS},
    "profiles:persons": {"get": PERSONS},
    "profiles:person": {"get": PERSONS},
    "profiles:live": {"get": PERSONS},
    "profiles:accounts": {"get": PERSONS},
    "profiles:account": {"get": PERSONS},
    "profiles:account_live": {"get": PERSONS},
    "profiles:contact": {"post": EDITORS},
    "profiles:undo": {"post": EDITORS},
    "people:identities": {"get": PERSONS},
    "people:person": {"get": PERSONS},
    "people:join": {"post": PERSONS},
    "people:separate": {"post": PERSONS},
    "people:undo": {"post": PERSONS},
    "consent:consent": {"get": PERSONS},
    "consent:person": {"get": PERSONS, "post": PERSONS},
    "consent:add_purpose": {"get": OFFICERS, "post": OFFICERS},
    "consent:purpose": {"get": PERSONS, "post": OFFICERS},
    "consent:categories": {"get": OFFICERS, "post": OFFICERS},
    "consent:unmean": {"post": OFFICERS},
    "access:requests": {"get": OFFICERS},
    "access:person": {"post": OFFICERS},
    "access:note": {"post": OFFICERS},
    "access:request": {"get": OFFICERS},
    "access:archive": {"post": OFFICERS},
    "access:delivered": {"post": OFFICERS},
    "processing:record": {"get": OFFICERS},
    "processing:file": {"get": OFFICERS},
    "processing:text": {"get": OFFICERS, "post": OFFICERS},
    "erasure:erasures": {"get": OFFICERS},
    "erasure:person": {"post": OFFICERS},
    "erasure:request": {"post": OFFICERS},
    "erasure:file": {"get": OFFICERS},
    "erasure:retention": {"get": OFFICERS, "post": OFFICERS},
    "erasure:erasure": {"get": OFFICERS},
    "erasure:again": {"post": OFFICERS},
}
ROOMS = (
    colleague_urls,
    import_urls,
    source_urls,
    people_urls,
    consent_urls,
    erasure_urls,
    access_urls,
    processing_urls,
    profile_urls,
)
ASKED = [(route, method) for route, needed in NEEDED.items() for method in needed]


@pytest.fixture
def draft():
    """Return an import whose columns are named."""
    storage.incoming().mkdir(parents=True, exist_ok=True)
    path = storage.incoming() / "upload"
    path.write_bytes(CSV)
    digest = hashlib.sha256(CSV).hexdigest()
    received = ReceivedFile(path=path, name="events.csv", size=len(CSV), sha256=digest)
    state = imports.begin_import(received=received, by=None, now=NOW, language="en")
    imports.save_mapping(import_id=state.id, mapping=MAPPING, by=None)
    return state


@pytest.fixture
def address_of(draft):
    """Return the address of a route, with an account or an import where it takes one."""
    kim = User.objects.create_user("kim")
    saved = SavedMapping.objects.create(
        name="Shop", mapping=MAPPING.as_dict(), columns=[], namespace="shop", created_at=NOW
    )
    source = sources.add_source(name="Shop", by=None, now=NOW)
    sources.make_key(source=source, browser=True, by=None, now=NOW)

    def build(route: str) -> str:
        patterns = {f"{u.app_name}:{p.name}": p for u in ROOMS for p in u.urlpatterns}
        values = {
            "account_id": kim.pk,
            "import_id": draft.id,
            "number": saved.pk if route.startswith("capture:") else source,
            "key": {"consent": "surveys", "processing": "controller"}.get(
                route.partition(":")[0], WriteKey.objects.get().pk
            ),
            "meaning": 1,
        }
        return reverse(route, kwargs={name: values[name] for name in patterns[route].pattern.converters})

    return build


def test_no_address_is_forgotten():
    routes = {f"{u.app_name}:{p.name}" for u in ROOMS for p in u.urlpatterns}
    assert routes == set(NEEDED)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("route", "method"), ASKED)
def test_an_address_lets_through_whom_it_should(client, address_of, route, method, role):
    client.force_login(User.objects.create_user("lee", role=role, language="en"))
    before = state_of_everything()
    answer = getattr(client, method)(address_of(route))
    refused = not any(role.includes(need) for need in NEEDED[route][method])
    assert (answer.status_code == 403) == refused, answer.status_code
    assert answer.status_code < 500
    if refused:
        assert "This is not yours to do" in answer.content.decode()
        assert state_of_everything() == before


def state_of_everything() -> list[object]:
    files = sorted((path.as_posix(), path.stat().st_size) for path in storage.root().rglob("*"))
    accounts = list(User.objects.order_by("pk").values("pk", "password", "role", "is_active", "department"))
    rows = [list(Import.objects.values()), list(SavedMapping.objects.values())]
    return [*rows, accounts, list(AccountChange.objects.values()), files]


def test_the_upload_of_a_viewer_is_refused_before_it_is_read(client):
    client.force_login(User.objects.create_user("lee", role=Role.VIEWER))

    class Unread:
        def read(self, *_size):
            pytest.fail("the body was read")

        readline = read

    answer = client.generic(
        "POST",
        "/settings/import/",
        b"x",
        content_type="multipart/form-data; boundary=b",
        **{"CONTENT_LENGTH": "1000000", "wsgi.input": Unread()},
    )
    assert answer.status_code == 403


def test_a_viewer_is_offered_no_buttons_of_imports(client, draft):
    imports.start(import_id=draft.id, by=None, now=NOW, language="en", change=None)
    pages = {}
    for role in (Role.VIEWER, Role.EDITOR):
        client.force_login(User.objects.create_user(role.value, role=role, language="en"))
        pages[role] = [client.get(address).content.decode() for address in _pages_of(draft)]
    forms = {
        role: [page.partition("<main")[2].count("<form") for page in found] for role, found in pages.items()
    }
    assert forms[Role.VIEWER] == [0, 0]
    assert "Importing needs the role “Editor”" in pages[Role.VIEWER][0]
    assert 'type="file"' in pages[Role.EDITOR][0]
    assert "Cancel the import" not in pages[Role.VIEWER][1]
    assert "Cancel the import" in pages[Role.EDITOR][1]


def _pages_of(draft) -> list[str]:
    return [reverse("capture:imports"), reverse("capture:import", args=[draft.id])]


def test_an_editor_uploads_a_file(client):
    client.force_login(User.objects.create_user("lee", role=Role.EDITOR))
    answer = client.post("/settings/import/", {"file": SimpleUploadedFile("events.csv", CSV)})
    assert answer["Location"].endswith("/columns/")


@pytest.mark.parametrize(
    "verb",
    [
        lambda by, _: imports.begin_import(received=None, by=by, now=NOW, language="en"),
        lambda by, it: imports.save_mapping(import_id=it, mapping=MAPPING, by=by),
        lambda by, it: imports.start(import_id=it, by=by, now=NOW, language="en", change=None),
        lambda by, it: imports.cancel(import_id=it, by=by, now=NOW),
        lambda by, it: imports.map_again(import_id=it, by=by),
        lambda by, it: imports.retry(import_id=it, by=by, now=NOW),
    ],
    ids=["begin", "name columns", "start", "cancel", "name columns again", "take up again"],
)
@pytest.mark.parametrize("account", [{"role": "viewer"}, {"role": "admin", "is_active": False}])
def test_imports_are_refused_in_the_service_itself(draft, verb, account):
    with pytest.raises(NotAllowedError):
        verb(User.objects.create_user("lee", **account), draft.id)
    assert Import.objects.get().status == "draft"


def test_each_role_may_do_what_viewers_may_and_administrators_everything():
    allowed = {role: [need for need in Role if _may(User(role=role), need)] for role in Role}
    assert allowed == {
        Role.VIEWER: [Role.VIEWER],
        Role.EDITOR: [Role.VIEWER, Role.EDITOR],
        Role.OFFICER: [Role.VIEWER, Role.OFFICER],
        Role.ADMIN: list(Role),
    }
    assert all(_may(None, need) for need in Role)


def _may(by: User | None, role: Role) -> bool:
    try:
        require_role(by, role)
    except NotAllowedError:
        return False
    return True
