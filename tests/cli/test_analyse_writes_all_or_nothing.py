import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from wegmarke.cli.complaints import RequestError
from wegmarke.cli.writing import write_all

SOURCES = Path(__file__).parents[2] / "src"


def good(out):
    out.write("whole")


def test_files_are_written_with_their_folders(tmp_path):
    target = tmp_path / "a" / "b" / "c.txt"
    write_all({target: good, tmp_path / "d.txt": good})
    assert target.read_text() == "whole"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "d.txt"]
    plain = tmp_path / "plain"
    plain.touch()
    assert target.stat().st_mode == plain.stat().st_mode


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt])
def test_where_one_file_fails_none_is_left(tmp_path, failure):
    old = tmp_path / "old.txt"
    old.write_text("old")

    def bad(out):
        out.write("half")
        raise failure

    with pytest.raises(failure):
        write_all({old: good, tmp_path / "new" / "b.txt": bad})
    assert old.read_text() == "old"
    assert list(tmp_path.iterdir()) == [old]


def test_a_disk_that_refuses_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RequestError, match="cannot be written"):
        write_all({tmp_path / "file" / "a.txt": good})
    with pytest.raises(RequestError, match="cannot be written"):
        write_all({tmp_path: good})


def test_a_folder_that_cannot_be_written_is_an_error_of_the_input(wegmarke, shop, tmp_path):
    (tmp_path / "file").write_text("in the way")
    answer = wegmarke("analyse", shop, "--out", tmp_path / "file")
    assert answer.code == 2
    assert "cannot be written" in answer.err


def test_an_answer_nobody_reads_to_its_end_ends_quietly(shop):
    code = "from wegmarke.cli.main import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    command = [sys.executable, "-c", code, "analyse", str(shop)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as running:
        running.stdout.close()
        message = running.stderr.read().decode()
        running.wait(timeout=60)
    assert "Traceback" not in message
    assert "BrokenPipe" not in message


def test_an_interruption_leaves_nothing_and_no_traceback(tmp_path):
    events = tmp_path / "large.csv"
    with events.open("w") as out:
        out.write("customer_id,timestamp,event\n")
        out.writelines(f"C{i % 999},2024-01-01T10:00:00Z,visit\n" for i in range(3_000_000))
    # Who starts the tests in the background starts them with interruptions ignored; children inherit that.
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "from wegmarke.cli.main import main; main()"
    )
    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    command = [sys.executable, "-c", code, "analyse", str(events), "--out", str(tmp_path / "out")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as running:
        running.stderr.readline()  # how the file is read: reading has begun
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert out == b""
    assert b"Traceback" not in err
    assert [path.name for path in tmp_path.iterdir()] == ["large.csv"]
