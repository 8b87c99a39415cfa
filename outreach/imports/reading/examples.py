"""What stands in each column of a list: a few values, for somebody to see what the column is."""

from itertools import islice

from outreach.imports.reading.lists import ListFile
from outreach.imports.reading.rows import CellError
from outreach.imports.reading.values import as_text

EXAMPLES = 3
_LOOKED_THROUGH = 200
_LONGEST = 60


def examples_of(found: ListFile, *, hidden: bool = False) -> dict[int, list[str]]:
    """Three values of each column that has a title or holds something, by its place; `hidden`: their shapes."""
    examples: dict[int, list[str]] = {place: [] for place, title in enumerate(found.titles) if title}
    for row in islice(found.rows(), _LOOKED_THROUGH):
        for place, value in enumerate(row.values):
            text = (str(value) if isinstance(value, CellError) else as_text(value))[:_LONGEST]
            text = shape_of(text) if hidden else text
            seen = examples.setdefault(place, []) if text else []
            if text and text not in seen and len(seen) < EXAMPLES:
                seen.append(text)
    return dict(sorted(examples.items()))


def shape_of(text: str) -> str:
    """What a value looks like, without what it says: "Xxxxx-x" and "99/99/9999"."""
    return "".join(
        "9" if char.isdigit() else ("X" if char.isupper() else "x") if char.isalpha() else char for char in text
    )
