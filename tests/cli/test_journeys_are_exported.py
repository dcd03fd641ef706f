"""`wegmarke export xes` on an installation."""

from __future__ import annotations

import gzip

import pytest


def test_an_installation_without_events_gives_a_log_without_traces(real_wegmarke, site, tmp_path):
    target = tmp_path / "log.xes.gz"
    answer = real_wegmarke("export", "xes", target, "--data", site)
    assert (answer.code, "Written:" in answer.err) == (0, True)
    text = gzip.decompress(target.read_bytes()).decode()
    assert text.startswith("<?xml")
    assert "<trace>" not in text


@pytest.mark.parametrize(
    ("options", "said"),
    [(("--segment", "segment"), "of the form attribute=value"), (("--segment", "a=b"), "Nobody has a=b")],
)
def test_what_cannot_be_chosen_is_said_and_nothing_is_written(real_wegmarke, site, tmp_path, options, said):
    target = tmp_path / "log.xes.gz"
    answer = real_wegmarke("export", "xes", target, "--data", site, *options)
    assert answer.code == 2
    assert said in answer.err
    assert [path.name for path in tmp_path.iterdir() if "xes" in path.name or "part" in path.name] == []


def test_a_folder_that_is_no_place_for_a_file_is_named(real_wegmarke, site, tmp_path):
    answer = real_wegmarke("export", "xes", tmp_path / "no" / "log.xes.gz", "--data", site)
    assert answer.code == 2
    assert "cannot be written" in answer.err
