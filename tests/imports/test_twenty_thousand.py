"""A list far longer than any of Flanders loads within 300 MB, cases opened."""

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.imports.files import TITLES, csv_bytes

MOST_MEGABYTES = 300
LOAD = """
import json, resource, sys, time
from pathlib import Path
from flask.cli import ScriptInfo
from outreach.application import create_app
from outreach.cli import console
from click.testing import CliRunner
import config
app = create_app(config.load())
def run(*words):
    started = time.perf_counter()
    done = CliRunner().invoke(console, list(words), obj=ScriptInfo(create_app=lambda: app))
    assert done.exit_code == 0, done.stderr
    return done.stdout, time.perf_counter() - started
run("db", "upgrade")
run("areas", "add", "gent", "--name", "Gent", "--municipality", "44021")
run("agreements", "add", "gent-2026", "--area", "gent", "--source", "not-enrolled", "--from", "2026-09-01",
    "--until", "2027-08-31", "--reference", "protocol")
asked = ["import", sys.argv[1], "--kind", "not-enrolled", "--area", "gent", "--as-of", "2026-12-15", "--json"]
answer, seconds = run(*asked)
again, comparing = run(*asked)
sound, _ = run("verify", "--json")
status = Path("/proc/self/status")  # ru_maxrss would count the test process this one was forked from
if status.exists():
    peak = int(status.read_text().split("VmHWM:")[1].split()[0]) // 1024
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps({"answer": json.loads(answer), "again": json.loads(again), "ok": json.loads(sound)["ok"],
                  "seconds": seconds, "comparing": comparing, "megabytes": peak}))
"""


def long_list(rows: int) -> bytes:
    """So many children, two of each household, without numbers (there are not enough invented ones)."""
    first = date(2021, 1, 2)
    return csv_bytes([TITLES, *(_row(number, first + timedelta(days=number % 1800)) for number in range(rows))])


def _row(number: int, born_on: date) -> list[Any]:
    street = f"Straat {chr(65 + number % 26)}{chr(65 + number // 26 % 26)}"
    home = [street, number // 2 % 300 + 1, "", "9000", "Gent", "44021", f"Ouder {number // 2}"]
    return ["", f"Naam{number % 5000}", f"Voornaam{number}", f"{born_on:%d/%m/%Y}", *home]


def loaded(folder: Path, rows: int) -> dict[str, Any]:
    """Load a list of so many rows in a process of its own, on an embedded database of its own."""
    path = folder / "lang.csv"
    path.write_bytes(long_list(rows))
    root = Path(__file__).parents[2]
    environment = {**os.environ, "OUTREACH_DATA_DIR": str(folder / "data"), "PYTHONPATH": str(root)}
    environment.pop("OUTREACH_DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(path)], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize(
    "rows", [1_500, pytest.param(20_000, marks=[pytest.mark.deep, pytest.mark.bench])], ids=["some", "many"]
)
def test_a_long_list_is_loaded_within_300_megabytes(rows: int, tmp_path: Path) -> None:
    found = loaded(tmp_path, rows)
    answer = found["answer"]
    assert (answer["rows"], answer["new"], answer["cases_opened"]) == (rows, rows, rows)
    assert (found["again"]["same_file"], found["again"]["known"]) == (True, rows)
    assert found["ok"]
    assert found["megabytes"] < MOST_MEGABYTES
    speed = round(rows / found["seconds"])
    print(f"{rows} rows loaded in {found['seconds']:.1f} s ({speed}/s), compared in {found['comparing']:.1f} s,")
    print(f"at most {found['megabytes']} MB")
