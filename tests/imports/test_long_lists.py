"""Long lists are read in a stream: memory does not grow with the list."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.imports.files import AYAAN, TITLES, csv_bytes, with_sheet

ROWS = 20_000
READ = """
import datetime, pathlib, re, sys
from outreach.imports.checking import check
from outreach.imports.doubles import Doubles
from outreach.imports.reading import read_list
found, seen, rows = read_list(sys.argv[1]), Doubles(), 0
for raw in found.rows():
    seen.earlier_row(check(raw, found, datetime.date(2026, 12, 15)))
    rows += 1
peak = re.search(r"VmHWM:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())
print(rows, int(peak[1]) // 1024 if peak else 0)
"""


def cells(number: int) -> str:
    values = ["", f"Safi{number}", *AYAAN[2:]]
    return "".join(f'<c t="str"><v>{value}</v></c>' for value in values)


@pytest.mark.parametrize("layout", ["csv", "xlsx"])
def test_twenty_thousand_rows_need_less_than_150_megabytes(layout: str, tmp_path: Path) -> None:
    path = tmp_path / f"lang.{layout}"
    if layout == "csv":
        path.write_bytes(csv_bytes([TITLES, *(["", f"Safi{number}", *AYAAN[2:]] for number in range(ROWS))]))
    else:
        titles = "".join(f'<c t="str"><v>{title}</v></c>' for title in TITLES)
        rows = "".join(f"<row>{cells(number)}</row>" for number in range(ROWS))
        path.write_bytes(with_sheet(f"<row>{titles}</row>{rows}".encode()))
        assert zipfile.is_zipfile(path)
    done = subprocess.run([sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True)
    count, megabytes = map(int, done.stdout.split())
    assert count == ROWS
    assert megabytes < 150
