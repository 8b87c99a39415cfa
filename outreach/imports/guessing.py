"""What a column without a known title could be, told from what stands in it; only ever a proposal to somebody."""

from collections.abc import Callable, Mapping, Sequence

from outreach.children import insz
from outreach.errors import Refused
from outreach.imports.reading import ListFile
from outreach.imports.reading.values import as_date
from outreach.partners import municipalities

Signs = Mapping[str, Callable[[str], bool]]


def guessed_fields(found: ListFile, examples: Mapping[int, Sequence[str]]) -> dict[int, str]:
    """The field of each column whose values can be but one thing, by its place; a field is proposed once."""
    taken = set(found.columns.values())
    free = [name for name in found.vocabulary.fields if name in _SIGNS and name not in found.columns]
    guessed: dict[int, str] = {}
    for place, values in examples.items():
        if place in taken or not values:
            continue
        name = next((name for name in free if all(map(_SIGNS[name], values))), None)
        if name:
            guessed[place] = name
            free.remove(name)
    return guessed


def _is_number(value: str) -> bool:
    try:
        return insz.parse(value) is not None
    except Refused:
        return False


def _is_birthday(value: str) -> bool:
    return len(value) >= 6 and as_date(value) is not None


_SIGNS: Signs = {
    "insz": _is_number,
    "born_on": _is_birthday,
    "nis": lambda value: value.isdigit() and municipalities.current(value) is not None,
    "postcode": lambda value: value.isdigit() and len(value) == 4 and "1000" <= value < "9993",
    "municipality": lambda value: municipalities.by_name(value, "") is not None,
}
