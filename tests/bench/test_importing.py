"""Long lists through `outreach import`: rows a second and memory, reading to writing, in a process of its own.

`BENCH_ROWS=250000` in the environment makes them as long as the goals say.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import pytest

from outreach.crypto import FieldKeys
from tests.bench.conftest import say, second_database
from tests.bench.naming import names_of
from tests.imports.files import TITLES, csv_bytes, number_of, xlsx_bytes
from tests.training.test_run import environment_of

pytestmark = pytest.mark.bench

ROWS = int(os.environ.get("BENCH_ROWS", "20000"))
AS_OF = date(2026, 12, 15)
REPORTED = ("Schoolnr", "School", "Stamnummer", "Naam", "Voornaam", "Geb.datum", "Klas", "Aanwezig", "Mogelijk")
_CONSOLE = """
import pathlib, re, resource, sys, time
from outreach.cli import console
began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_utime
try:
    console.main(sys.argv[1:], prog_name="outreach")
finally:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    peak = re.search(r"VmHWM:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())
    print(time.perf_counter() - began, used - before, int(peak[1]) // 1024, file=sys.stderr)
"""


@dataclass(frozen=True)
class Done:
    """What the command answered, its seconds on the wall and of its own processor, without starting, and its peak."""

    answer: dict[str, object]
    wall: float
    user: float
    peak: int

    def say(self, what: str) -> None:
        """One figure."""
        speed = f"{ROWS / self.wall:,.0f} rows/s ({self.wall:.1f} s), {ROWS / self.user:,.0f} by its own processor time"
        say(f"{what}: {speed} (user {self.user:.1f} s), peak {self.peak} MiB")


@pytest.fixture(params=["sqlite", "postgresql"])
def env(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """An empty installation on each database, with an area and its agreements."""
    made = environment_of(tmp_path)
    if request.param == "postgresql":
        url = request.getfixturevalue("second_postgres_url")
        made |= {"OUTREACH_DATABASE_URL": url, "OUTREACH_SECRET_KEY": "x" * 32, "OUTREACH_FIELD_KEYS": FieldKeys.made()}
    outreach(made, "db", "upgrade")
    outreach(made, "areas", "add", "gent", "--name", "Gent", "--municipality", "44021")
    days = ("--from", "2026-09-01", "--until", "2027-08-31")
    for source in ("not-enrolled", "participation"):
        outreach(made, "agreements", "add", source, "--area", "gent", "--source", source, "--reference", "p", *days)
    return made


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """Which one, as figures are told."""
    return str(request.node.callspec.params["env"])


@pytest.fixture
def second_postgres_url(postgres_url: str) -> Iterator[str]:
    """Another empty database on the same server."""
    with second_database(postgres_url) as url:
        yield url


def test_a_list_of_new_children_and_then_the_same_children(env: dict[str, str], database: str, tmp_path: Path) -> None:
    """Nobody is known the first time, everybody the second; every row is accounted for."""
    path = tmp_path / "lijst.csv"
    path.write_bytes(csv_bytes(listed()))
    first = imported(env, path, "not-enrolled")
    counts = first.answer
    assert counts["rows"] == ROWS == sum(int(str(counts[key])) for key in ("new", "known", "double", "refused"))
    first.say(f"import, {database}, {counts['new']:,} new children with a case each")
    path.write_bytes(path.read_bytes() + b"\r\n")
    again = imported(env, path, "not-enrolled")
    assert (again.answer["new"], again.answer["known"]) == (0, counts["new"])
    again.say(f"the same children on the next list, {database}")


def test_a_short_list_in_excel_is_looked_at(env: dict[str, str], database: str, tmp_path: Path) -> None:
    """2,000 rows, nothing written."""
    path = tmp_path / "lijst.xlsx"
    path.write_bytes(xlsx_bytes(("Lijst", [row for row, _ in zip(listed(), range(2_001), strict=False)])))
    seen = imported(env, path, "not-enrolled", "--dry-run")
    assert seen.answer["rows"] == 2_000
    say(f"preview of 2,000 rows in Excel, {database}: {seen.wall:.1f} s (user {seen.user:.1f} s)")


def test_reports_of_many_schools_in_one_file(env: dict[str, str], database: str, tmp_path: Path) -> None:
    """130 kleuters a school; projected, counted and kept. The next report of the same kleuters is another day's."""
    path = tmp_path / "deelname.csv"
    path.write_bytes(csv_bytes(reported()))
    first = imported(env, path, "participation")
    schools = first.answer["schools"]
    assert isinstance(schools, list)
    assert (first.answer["rows"], first.answer["refused"], len(schools)) == (ROWS, 0, (ROWS + 129) // 130)
    marked = sum(school["at_risk"] for school in schools)
    assert 0 < marked < ROWS
    first.say(f"reports, {database}, {ROWS:,} kleuters of {len(schools):,} schools, {marked:,} marked")


def test_a_folder_of_reports_a_file_each(env: dict[str, str], database: str, tmp_path: Path) -> None:
    """The same kleuters, each school in a workbook of its own."""
    folder = tmp_path / "rapporten"
    folder.mkdir()
    rows = reported()
    next(rows)
    while of_school := list(islice(rows, 130)):
        content = xlsx_bytes(("Deelname", [REPORTED, *of_school]))
        (folder / f"{of_school[0][0]}.xlsx").write_bytes(content)
    done = imported(env, folder, "participation")
    schools = done.answer["schools"]
    assert isinstance(schools, list)
    assert (done.answer["rows"], len(schools)) == (ROWS, (ROWS + 129) // 130)
    done.say(f"reports, {database}, a folder of {len(schools):,} workbooks")


def test_a_long_list_in_excel(env: dict[str, str], database: str, tmp_path: Path) -> None:
    """One workbook with every child; looked at, nothing written."""
    path = tmp_path / "lijst.xlsx"
    path.write_bytes(xlsx_bytes(("Lijst", listed())))
    done = imported(env, path, "not-enrolled", "--dry-run")
    assert done.answer["rows"] == ROWS
    done.say(f"looking at a list in Excel, {database}")


def listed() -> Iterator[tuple[str, ...]]:
    """Children of three to five, one or two at an address, one in twenty without a number."""
    streets = ("Sleepstraat", "Bevrijdingslaan", "Wondelgemstraat", "Dampoortstraat", "Brugsepoortstraat")
    yield TITLES
    for n in range(ROWS):
        born_on = AS_OF - timedelta(days=1_100 + n % 900)
        number = number_of(born_on, 1 + n // 900) if n % 20 else ""
        house = n * 2 // 3
        last_name, first_name = names_of(house)[1], names_of(n)[0]
        address = (streets[house % 5], str(1 + house // 5 % 300), str(house // 1500 or ""), "9000", "Gent", "44021")
        yield (number, last_name, first_name, f"{born_on:%d/%m/%Y}", *address, f"{names_of(house + 7)[0]} {last_name}")


def reported() -> Iterator[tuple[str, ...]]:
    """Kleuters of the three years, present between a third and all of their half days."""
    yield REPORTED
    for n in range(ROWS):
        first_name, last_name = names_of(n)
        school = f"{30_000 + n // 130:06}"
        born_on = date(2021, 1, 1) + timedelta(days=n % 1_000)
        possible = 100 if n % 3 else 60
        present = possible // 3 + n * 7_919 % (possible - possible // 3 + 1)
        told = (f"S-{n}", last_name, first_name, f"{born_on:%d/%m/%Y}", f"K{1 + n % 3}", str(present), str(possible))
        yield (school, f"School {school}", *told)


def imported(env: dict[str, str], path: Path, kind: str, *also: str) -> Done:
    """One file through the console."""
    done = outreach(env, "import", str(path), "--kind", kind, "--area", "gent", "--as-of", str(AS_OF), "--json", *also)
    wall, user, peak = done.stderr.split()[-3:]
    return Done(json.loads(done.stdout), float(wall), float(user), int(peak))


def outreach(env: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a console command to its end in a process of its own."""
    command = [sys.executable, "-c", _CONSOLE, *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True)
