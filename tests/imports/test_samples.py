"""The two sample lists, each in its own layout, read whole and without any setting."""

from datetime import date
from pathlib import Path

from python_calamine import CalamineWorkbook

from outreach.imports.checking import check
from outreach.imports.doubles import doubles
from outreach.imports.listed import ListedChild
from outreach.imports.reading import ListFile, read_list

DATA = Path(__file__).parent / "data"


def children(list_file: ListFile, as_of: date) -> list[ListedChild]:
    checked = [check(row, list_file, as_of) for row in list_file.rows()]
    listed = [child for child in checked if isinstance(child, ListedChild)]
    assert len(listed) == len(checked), "no row of the samples is refused"
    return listed


def test_the_december_list_has_183_rows_of_180_children() -> None:
    listed = children(read_list(DATA / "niet-ingeschreven-2026-12.csv"), date(2026, 12, 15))
    assert len(listed) == 183
    assert len(doubles(listed)) == 3
    assert len({child.insz for child in listed}) == 180
    assert not any(child.warnings for child in listed)


def test_the_march_list_has_other_titles_real_dates_and_the_address_in_one_cell() -> None:
    march = read_list(DATA / "niet-ingeschreven-2027-03.xlsx")
    listed = children(march, date(2027, 3, 15))
    assert (march.layout, march.sheet, len(listed)) == ("xlsx", "Lijst", 158)
    assert not doubles(listed)
    assert not any(child.warnings for child in listed)
    assert all(child.street and child.number and child.nis and len(child.postcode) == 4 for child in listed)


def test_the_same_child_has_the_same_address_in_both_layouts() -> None:
    december = children(read_list(DATA / "niet-ingeschreven-2026-12.csv"), date(2026, 12, 15))
    march = children(read_list(DATA / "niet-ingeschreven-2027-03.xlsx"), date(2027, 3, 15))
    before = {child.insz: child.address_key for child in december}
    moved = {child.insz for child in march if before.get(child.insz, child.address_key) != child.address_key}
    assert len(moved) == 17


def test_no_number_in_the_samples_was_ever_issued() -> None:
    for name in ("niet-ingeschreven-2026-12.csv", "niet-ingeschreven-2027-03.xlsx"):
        for row in read_list(DATA / name).rows():
            assert str(row.cells["insz"])[6:9] in ("000", "999")


def test_an_independent_reader_of_excel_sees_the_same_cells() -> None:
    path = DATA / "niet-ingeschreven-2027-03.xlsx"
    ours = [list(row.values) for row in read_list(path).rows()]
    theirs = list(CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows())[1:]
    assert ours == theirs
