"""A list of 20,000 rows through `outreach import`: rows a second and memory, reading to writing."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

import pytest

from outreach.crypto import FieldKeys
from tests.bench.conftest import say, second_database
from tests.imports.files import TITLES, csv_bytes
from tests.training.test_run import environment_of

pytestmark = pytest.mark.bench

ROWS = 20_000
AS_OF = date(2026, 12, 15)
_CONSOLE = """
import pathlib, re, sys
from outreach.cli import console
try:
    console.main(sys.argv[1:], prog_name="outreach")
finally:
    peak = re.search(r"VmHWM:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())
    print(f"peak {int(peak[1]) // 1024}", file=sys.stderr)
"""


def rows() -> Iterator[tuple[str, ...]]:
    """Children of three to five, one or two at an address, most without a number."""
    streets = ("Sleepstraat", "Bevrijdingslaan", "Wondelgemstraat", "Dampoortstraat", "Brugsepoortstraat")
    yield TITLES
    for n in range(ROWS):
        born_on = AS_OF - timedelta(days=1_100 + n % 900)
        house = n * 2 // 3
        address = (streets[house % 5], str(1 + house // 5 % 300), str(house // 1500 or ""), "9000", "Gent", "44021")
        yield ("", f"Familie{house}", f"Kind{n}", f"{born_on:%d/%m/%Y}", *address, f"Ouder Familie{house}")


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_twenty_thousand_rows(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """New children all of them; every row is accounted for."""
    env = environment_of(tmp_path)
    if database == "postgresql":
        url = request.getfixturevalue("second_postgres_url")
        env |= {"OUTREACH_DATABASE_URL": url, "OUTREACH_SECRET_KEY": "x" * 32, "OUTREACH_FIELD_KEYS": FieldKeys.made()}
    outreach(env, "db", "upgrade")
    outreach(env, "areas", "add", "gent", "--name", "Gent", "--municipality", "44021")
    days = ("--from", "2026-09-01", "--until", "2027-08-31")
    outreach(env, "agreements", "add", "p", "--area", "gent", "--source", "not-enrolled", "--reference", "p", *days)
    path = tmp_path / "lijst.csv"
    path.write_bytes(csv_bytes(rows()))
    began = perf_counter()
    terms = ("--kind", "not-enrolled", "--area", "gent", "--as-of", str(AS_OF), "--json")
    done = outreach(env, "import", str(path), *terms)
    taken = perf_counter() - began
    answer = json.loads(done.stdout)
    assert answer["rows"] == ROWS == sum(answer[key] for key in ("new", "known", "double", "refused"))
    counts = f"{answer['new']:,} new, {answer['double']:,} double, {answer['refused']:,} refused"
    peak = done.stderr.split()[-1]
    say(f"import, {database}: {ROWS / taken:.0f} rows/s ({taken:.1f} s for {ROWS:,} rows: {counts}), peak {peak} MiB")


def outreach(env: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a console command to its end in a process of its own."""
    command = [sys.executable, "-c", _CONSOLE, *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True)


@pytest.fixture
def second_postgres_url(postgres_url: str) -> Iterator[str]:
    """Another empty database on the same server."""
    with second_database(postgres_url) as url:
        yield url
