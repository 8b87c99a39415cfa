"""What `outreach run` prints when everything is there: the address, and one sign-in for each role."""

from pathlib import Path

from outreach.accounts.words import WORDS as ACCOUNT_WORDS
from outreach.training.words import WORDS
from outreach.training.world.partners import AREAS, PLACES
from outreach.training.world.people import PASSWORD, Somebody, to_practise_with

_LANGUAGE = "nl"


def ready_lines(url: str, data_dir: Path, *, invented: bool) -> list[str]:
    """Lines for the console; a database with data of somebody's own has people we do not know."""
    mails = WORDS.text("run.mails", _LANGUAGE, url=url, folder=data_dir)
    if not invented:
        return ["", WORDS.text("run.ready_own_data", _LANGUAGE, url=url), mails]
    return ["", WORDS.text("run.ready", _LANGUAGE, url=url, password=PASSWORD), "", *_table(), "", mails]


def _table() -> list[str]:
    names = {place.key: place.name for place in PLACES} | {f"lop-{key}": f"LOP {name}" for key, name, _nis in AREAS}
    rows = [(_role(one), one.email, one.name, names[one.organisation]) for one in to_practise_with()]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return [
        "  " + "  ".join([*(field.ljust(width) for field, width in zip(row, widths, strict=False)), row[3]])
        for row in rows
    ]


def _role(one: Somebody) -> str:
    role = ACCOUNT_WORDS.text(f"role.{one.role}", _LANGUAGE)
    return (
        role if one.language == _LANGUAGE else f"{role} ({ACCOUNT_WORDS.text(f'own_name.{one.language}', _LANGUAGE)})"
    )
