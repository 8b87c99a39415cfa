"""Nothing grows out of sight: the budgets of files, functions and templates."""

import ast
from collections.abc import Iterable
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[2]
CODE = [ROOT / "config.py", ROOT / "wsgi.py", *(ROOT / "outreach").rglob("*.py")]
EVERYTHING = [*CODE, *(ROOT / "tests").rglob("*.py"), *(ROOT / "migrations").rglob("*.py")]
TEMPLATES = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")]


def p95(sizes: Iterable[int]) -> int:
    """The size that one in twenty goes beyond."""
    ordered = sorted(sizes)
    return ordered[int(len(ordered) * 0.95)]


def lines(file: Path) -> int:
    """Lines of a file, empty ones too."""
    return len(file.read_text(encoding="utf-8").splitlines())


def functions(files: Iterable[Path]) -> dict[str, int]:
    """Where each function stands and how long it is, its docstring not counted."""
    found = {}
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                said = node.body[0] if ast.get_docstring(node) else None
                length = node.end_lineno - node.lineno + 1 - (said.end_lineno - said.lineno + 1 if said else 0)
                found[f"{file.relative_to(ROOT)}:{node.lineno} {node.name}"] = length
    return found


def test_no_file_is_over_400_lines() -> None:
    assert {str(file.relative_to(ROOT)): lines(file) for file in EVERYTHING if lines(file) > 400} == {}


def test_no_function_is_over_40_lines() -> None:
    code = [file for file in EVERYTHING if "migrations" not in file.parts]  # those are written by the tool
    assert {where: length for where, length in functions(code).items() if length > 40} == {}


def test_files_and_functions_are_mostly_small() -> None:
    files = [lines(file) for file in CODE]
    lengths = list(functions(CODE).values())
    assert median(files) <= 80
    assert p95(files) <= 250
    assert median(lengths) <= 8
    assert p95(lengths) <= 25


@pytest.mark.skipif(not TEMPLATES, reason="no page yet")
def test_templates_are_mostly_small() -> None:
    assert p95(lines(file) for file in TEMPLATES) <= 120
