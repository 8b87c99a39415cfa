"""Rows kept in little room are the rows that were put in, in their order, however they are asked for."""

from datetime import date

from hypothesis import given, strategies as st

from outreach.children.insz import Insz
from outreach.imports.findings import Finding
from outreach.imports.listed import ListedChild, ListedChildren
from outreach.imports.packed import PORTION, PackedRows

TEXTS = st.text(max_size=12)
FINDINGS = st.builds(
    Finding,
    st.integers(2, 9_999_999),
    TEXTS,
    st.sampled_from(["name_split", "address_missing"]),
    st.dictionaries(TEXTS, st.one_of(TEXTS, st.integers(), st.lists(TEXTS, max_size=2)), max_size=2),
)
CHILDREN = st.builds(
    ListedChild,
    row_number=st.just(0),
    insz=st.none() | st.from_regex(r"\d{11}", fullmatch=True).map(Insz),
    first_name=TEXTS,
    last_name=TEXTS,
    born_on=st.dates(date(2010, 1, 1), date(2040, 1, 1)),
    street=TEXTS,
    number=TEXTS,
    box=TEXTS,
    postcode=TEXTS,
    municipality=TEXTS,
    nis=st.none() | TEXTS,
    old_nis=st.none() | TEXTS,
    reference_person=TEXTS,
    language=TEXTS,
    warnings=st.lists(FINDINGS, max_size=2).map(tuple),
)


def many(children: list[ListedChild], count: int) -> list[ListedChild]:
    """So many children, these again and again, each in a row of its own with a gap before it."""
    return [children[n % len(children)]._replace(row_number=2 + 3 * n) for n in range(count)]


@given(st.lists(CHILDREN, min_size=1, max_size=7), st.sampled_from([1, PORTION - 1, PORTION, PORTION + 1, 2 * PORTION]))
def test_children_come_out_as_they_went_in(children: list[ListedChild], count: int) -> None:
    told = many(children, count)
    kept = ListedChildren(told)
    assert list(kept) == told
    assert len(kept) == count


@given(st.integers(0, 2_500), st.data())
def test_rows_are_asked_for_as_of_a_list(count: int, data: st.DataObject) -> None:
    rows = [f"row {n}" for n in range(count)]
    kept = PackedRows(rows)
    for asked in data.draw(st.lists(st.integers(-count - 2, count + 2), max_size=8)):
        if -count <= asked < count:
            assert kept[asked] == rows[asked]
        else:
            try:
                kept[asked]
            except IndexError:
                continue
            raise AssertionError(asked)
    part = data.draw(st.slices(count))
    assert kept[part] == rows[part]


@given(st.lists(st.integers(1, 1_200), max_size=5), st.data())
def test_rows_come_in_while_others_are_asked_for(more: list[int], data: st.DataObject) -> None:
    rows: list[int] = []
    kept: PackedRows[int] = PackedRows()
    for count in more:
        for row in range(len(rows), len(rows) + count):
            rows.append(row)
            kept.append(row)
        for place in data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=3)):
            assert kept[place] == rows[place]
        assert (kept[-1], len(kept)) == (rows[-1], len(rows))
    assert list(kept) == rows


@given(
    st.lists(CHILDREN, min_size=1, max_size=7),
    st.lists(st.integers(0, 2 * PORTION + 9), min_size=1, max_size=9, unique=True),
)
def test_who_had_no_number_keeps_the_one_that_was_given(children: list[ListedChild], places: list[int]) -> None:
    told = many(children, 2 * PORTION + 10)
    kept = ListedChildren(told)
    for place in places:
        number = Insz(f"{place:011d}")
        assert kept[place] == told[place]
        assert kept.give_number(told[place].row_number, number) == (told[place].insz is None)
        if told[place].insz is None:
            told[place] = told[place]._replace(insz=number)
        assert kept[place] == told[place]
        assert not kept.give_number(told[place].row_number, Insz("00000000000"))
    assert list(kept) == told
