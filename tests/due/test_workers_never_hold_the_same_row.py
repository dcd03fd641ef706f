from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

RACE = Path(__file__).with_name("race.py")
SOURCE = Path(__file__).parents[2] / "src"


def test_two_processes_with_two_threads_each_do_every_row_once(tmp_path):
    environment = {
        **os.environ,
        "WEGMARKE_DATA": str(tmp_path),
        "PYTHONPATH": f"{SOURCE}:{RACE.parent}",
        "WEGMARKE_SECRET_KEY": "for this race",
    }
    subprocess.run([sys.executable, RACE, "prepare", "200"], env=environment, check=True)
    workers = [
        subprocess.Popen(
            [sys.executable, RACE, "2"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for worker in workers:  # a busy machine may start one much later than the other
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:  # both wait for the start shot, so they run at the same time
        worker.stdin.write("go\n")
        worker.stdin.flush()
    outputs = [worker.communicate(timeout=60)[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    claimed = [line for output in outputs for line in output.split("\n") if line]
    assert sorted(claimed, key=lambda line: int(line.split()[0])) == [f"{pk} 1" for pk in range(1, 201)]
    assert all(outputs), "one worker did everything: no race took place"
