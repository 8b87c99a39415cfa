"""Who may vouch for a read without being a person: a short list, each module with its reason."""

import ast
from pathlib import Path

from outreach.database.guard import LOADED_ROW

ROOT = Path(__file__).parents[2] / "outreach"

PEOPLE = {
    "children/grants.py": "`sight`: a person reads, through the one filter",
}

MACHINES = {
    "attendance/commands/following.py": "a new report is told to the cases that follow presence, its dates with it",
    "attendance/queries/helped_in_area.py": "what helped, over the schools that show their counts: numbers, none small",
    "attendance/queries/same_child.py": "kleuters laid beside the children followed at their school, for it alone",
    "attendance/commands/receiving.py": "a report of participation is laid beside the cases of its children",
    "cases/queries/radar.py": "the morning sweep: of which steps nothing was heard",
    "cases/commands/leaving.py": "somebody leaves: the steps they still have are counted and moved",
    "cases/commands/rederiving.py": "a changed calendar moves the dates of every open step",
    "cases/commands/transferring.py": "the clock takes back what another area did not answer",
    "cases/commands/sleeping.py": "the clock lets the steps of schools sleep in summer",
    "cases/commands/waking.py": "the clock wakes steps that were planned or paused until today",
    "cases/queries/held.py": "counts of what an organisation or municipality still has, for who administers it",
    "cases/queries/inside.py": "a command goes on reading the case it was handed, which somebody fetched as visible",
    "cases/queries/links.py": "who holds the token of a link sees its reference and step, nothing of the child",
    "cases/queries/offline.py": "a late report leans on what its writer took along; it is kept, never shown",
    "cases/queries/fresh.py": "the morning sweep: what is new for somebody",
    "cases/queries/reminders.py": "the morning sweep",
    "cases/queries/replayed.py": "a dry run of the reminders: rungs that were sent, shown as numbers of mails",
    "cases/queries/step_histories.py": "a dry run of the reminders: how steps stood, shown as numbers of mails",
    "cases/queries/school_contacts.py": "a school names its contact: every step of it that waits for one goes there",
    "cases/queries/year_end_told.py": "the morning sweep in June: how many open cases wait, a count for each address",
    "cases/queries/still_true.py": "delivery asks whether a line still holds; a mail shows only a reference",
    "cases/queries/verify.py": "the invariants are checked over everything",
    "imports/queries/adding_up.py": "the accounts of all lists are checked",
    "children/households.py": "a command on a household goes on reading its children",
    "children/matching.py": "an import compares its rows with all children",
    "children/search_keys.py": "verify compares every name with the keys it is looked for by; a page never reads here",
}

SHARED_OPTIONS = {
    "INSIDE": (
        {"cases/commands", "cases/queries"},
        "what a command asks about the case it holds; never a page",
    ),
    "MATCHING": (
        {"children", "imports/commands", "imports/queries"},
        "comparing a list with what is known; never a page",
    ),
}
"""Vouchers that are imported elsewhere: where they may go."""


def _modules() -> dict[str, ast.Module]:
    return {
        str(file.relative_to(ROOT)): ast.parse(file.read_text(encoding="utf-8"))
        for file in sorted(ROOT.rglob("*.py"))
        if file.relative_to(ROOT).parts[0] != "database"
    }


def _names(tree: ast.Module) -> set[str]:
    """Every name a module uses, imports or spells out as an option."""
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                names.add(name)
            case ast.alias(name=name):
                names.add(name)
            case ast.Constant(value=str(text)):
                names.add(text)
    return names


def test_only_these_modules_vouch_for_a_read() -> None:
    vouching = {module for module, tree in _modules().items() if "seen_by" in _names(tree)}
    assert vouching == PEOPLE.keys() | MACHINES.keys(), "see docs/security.md before this list grows"


def test_a_shared_voucher_stays_where_no_page_is_made() -> None:
    strayed = [
        f"{module} uses {voucher}"
        for module, tree in _modules().items()
        for voucher, (rooms, _reason) in SHARED_OPTIONS.items()
        if voucher in _names(tree) and not any(module.startswith(f"{room}/") for room in rooms)
    ]
    assert strayed == []


def test_machine_reads_are_no_way_round_for_a_page() -> None:
    """A page may call a command or a query that vouches for itself, but never borrows its voucher."""
    pages = {module: tree for module, tree in _modules().items() if "/routes" in module or "/forms" in module}
    borrowed = {
        module: sorted(_names(tree) & {"seen_by", "_READ", LOADED_ROW, *SHARED_OPTIONS})
        for module, tree in pages.items()
    }
    assert {module: names for module, names in borrowed.items() if names} == {}
