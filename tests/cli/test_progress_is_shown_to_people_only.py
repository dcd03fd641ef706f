import os
import pty
import subprocess
import sys
from pathlib import Path

SOURCES = Path(__file__).parents[2] / "src"
CODE = "import wegmarke.cli.progress as p; p._PATIENCE = 0.0; from wegmarke.cli.main import main; main()"


def test_a_terminal_shows_a_bar_and_loses_no_line(shop):
    ours, theirs = pty.openpty()
    environment = {
        **os.environ,
        "PYTHONPATH": str(SOURCES),
        "TERM": "xterm",
        "COLUMNS": "100",
        "LC_ALL": "C.UTF-8",
    }
    command = [sys.executable, "-c", CODE, "analyse", str(shop), "--format", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, env=environment) as running:
        os.close(theirs)
        shown = b""
        try:
            while block := os.read(ours, 65_536):
                shown += block
        except OSError:  # the other end is closed
            pass
        out = running.stdout.read()
    os.close(ours)
    text = shown.decode()
    assert running.returncode == 0
    assert out.startswith(b"{")
    assert "Reading" in text
    assert "Analysing" in text
    assert f"{shop} is read as:" in text.replace("\r\n", "")
    assert "customer_id" in text


def test_without_a_terminal_there_is_no_bar(shop, real_wegmarke):
    answer = real_wegmarke("analyse", shop, "--format", "json")
    assert answer.err.splitlines()[0].endswith("is read as:")
    assert "Reading" not in answer.err
    assert "\x1b" not in answer.err + answer.out
