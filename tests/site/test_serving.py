"""`wegmarke serve` opens the site, looks after its processes, and ends them all."""
# ruff: noqa: S310 - the addresses are those of our own server

from __future__ import annotations

import json
import os
import re
import signal
import socket
import stat
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

import pytest

from support.serving import answers, is_alive, soon, wegmarke

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="reads /proc")]


EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - it is refused


@pytest.fixture(scope="module")
def site(serve):
    served = serve()
    assert served.url
    return served


def log_in(url: str, name: str, password: str) -> str:
    """Return where the log-in leads to."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    page = browser.open(f"{url}/account/log-in/?next=/account/password/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    form = {
        "username": name,
        "password": password,
        "csrfmiddlewaretoken": token,
        "next": "/account/password/",
    }
    answer = browser.open(Request(f"{url}/account/log-in/", urlencode(form).encode(), {"Referer": url}))
    return urlsplit(answer.url).path


def test_the_printed_log_in_opens_the_site(site):
    name, password = site.printed(r"Log-in: (\S+)"), site.printed(r"Password: (\S+)")
    assert log_in(site.url, name, password) == "/account/password/"
    assert log_in(site.url, name, password + "x") == "/account/log-in/"


def test_health_tells_the_version_whether_all_is_well_and_nothing_else(site):
    import wegmarke

    with urlopen(f"{site.url}/health") as answer:
        assert json.load(answer) == {"version": wegmarke.__version__, "well": True}


def test_style_sheets_come_compressed_under_names_that_may_be_kept_for_ever(site):
    page = urlopen(f"{site.url}/account/log-in/").read().decode()
    address = re.search(r'href="(/static/ui/wegmarke\.[0-9a-f]{12}\.css)"', page)[1]
    answer = urlopen(Request(site.url + address, headers={"Accept-Encoding": "gzip"}))
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]


def test_the_data_folder_is_for_its_owner_only(site):
    for path in [site.data, site.data / "secret", site.data / "wegmarke.sqlite3"]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_second_server_on_the_same_data_is_refused(site):
    done = wegmarke("serve", "--port", "0", "--data", site.data)
    assert done.returncode == 2
    assert "already runs" in done.stderr


def test_a_taken_port_is_said_clearly(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = wegmarke("serve", "--port", port, "--data", tmp_path / "data")
    assert done.returncode == 2
    assert f"Port {port} on 127.0.0.1 is taken" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_said_in_german_where_the_terminal_is_german(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = wegmarke("serve", "--port", port, "--data", tmp_path / "data", LC_ALL="de_DE.UTF-8")
    assert f"Port {port} auf 127.0.0.1 ist von einem anderen Programm belegt" in done.stderr


def test_an_address_that_is_not_of_this_machine_is_said_clearly(tmp_path):
    done = wegmarke("serve", "--host", "192.0.2.1", "--port", "0", "--data", tmp_path / "data")
    assert done.returncode == 2
    assert "192.0.2.1" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_killed_worker_and_a_killed_web_process_come_back(site):
    before = site.children()
    assert set(before) == {"web", "worker"}
    os.kill(before["worker"], signal.SIGKILL)
    assert soon(lambda: site.children().get("worker") not in {None, before["worker"]})
    alive = site.data / "worker.alive"
    alive.unlink(missing_ok=True)
    assert soon(alive.exists)
    assert answers(f"{site.url}/health")


def test_a_stop_ends_every_process_and_the_next_start_prints_no_password(serve):
    first = serve()
    url, children = first.url, first.children()
    assert first.stop(signal.SIGTERM) == 0
    assert not any(is_alive(pid) for pid in children.values())
    assert not answers(f"{url}/health")
    second = serve(first.data)
    assert second.url
    assert second.stop(signal.SIGINT) == 0
    assert "Password" not in "".join(second.lines)


def test_children_end_when_the_server_is_killed(serve):
    served = serve()
    url, children = served.url, served.children()
    served.stop(signal.SIGKILL)
    assert soon(lambda: not any(is_alive(pid) for pid in children.values()))
    assert soon(lambda: not answers(f"{url}/health"))


def test_the_demo_log_in_is_not_shown_to_other_machines(tmp_path):
    done = wegmarke("demo", "--host", EVERY_ADDRESS, "--port", "0", "--data", tmp_path / "data")
    assert done.returncode == 2
    assert "--i-know" in done.stderr
    assert not (tmp_path / "data").exists()


def test_the_demo_is_refused_in_the_folder_of_a_real_installation(site):
    done = wegmarke("demo", "--port", "0", "--data", site.data)
    assert done.returncode == 2
    assert "--data" in done.stderr


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_folder_that_cannot_be_made_is_said_clearly(command, tmp_path):
    (tmp_path / "file").touch()
    done = wegmarke(command, "--port", "0", "--data", tmp_path / "file" / "data")
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_worker_without_a_site_says_so_instead_of_trying_for_ever(tmp_path):
    done = wegmarke("worker", "--data", tmp_path / "data")
    assert done.returncode == 2
    assert "wegmarke serve" in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_database_that_is_not_there_is_said_clearly_without_its_password(tmp_path):
    pytest.importorskip("psycopg", reason="the driver comes with wegmarke[postgresql]")
    address = "postgresql://weg:geheim@127.0.0.1:1/marke"
    done = wegmarke("serve", "--port", "0", "--data", tmp_path / "data", WEGMARKE_DATABASE_URL=address)
    assert done.returncode == 2
    assert "database cannot be used" in done.stderr
    assert "geheim" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_strange_database_address_is_said_clearly_without_its_password(tmp_path):
    address = "mysql://weg:geheim@127.0.0.1/marke"
    done = wegmarke("serve", "--port", "0", "--data", tmp_path / "data", WEGMARKE_DATABASE_URL=address)
    assert done.returncode == 2
    assert "postgresql://user:password@host" in done.stderr
    assert "geheim" not in done.stderr
    assert "Traceback" not in done.stderr
