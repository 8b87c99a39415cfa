"""Any number of rows in little room: packed a portion at a time, and laid out again a portion at a time."""

import pickle
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar, overload

PORTION = 1_000
"""So many rows are packed together."""

Row = TypeVar("Row")


class PackedRows(Sequence[Row], Generic[Row]):
    """Rows in their order. Going through them, or asking for one after the other, lays out each portion once.

    `plain` makes of a row what `pickle` packs quickly, and `row` makes the row of it again.
    """

    def __init__(
        self,
        rows: Iterable[Row] = (),
        *,
        plain: Callable[[Row], Any] = lambda row: row,
        row: Callable[[Any], Row] = lambda plain: plain,
    ) -> None:
        self._plain, self._row = plain, row
        self._packed: list[bytes] = []
        self._loose: list[Row] = []
        self._laid_out: tuple[int, list[Row]] = (-1, [])
        for each in rows:
            self.append(each)

    def append(self, row: Row) -> None:
        """One more, at the end."""
        self._loose.append(row)
        if len(self._loose) == PORTION:
            plain = [self._plain(each) for each in self._loose]
            self._packed.append(zlib.compress(pickle.dumps(plain, pickle.HIGHEST_PROTOCOL), 1))
            self._loose = []

    def __len__(self) -> int:
        return len(self._packed) * PORTION + len(self._loose)

    def __iter__(self) -> Iterator[Row]:
        for number in range(len(self._packed) + 1):
            yield from self._portion(number)

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...

    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            return [self[each] for each in range(len(self))[place]]
        number, at = divmod(range(len(self))[place], PORTION)  # a range counts and complains as a list does
        if number == len(self._packed):  # it still grows
            return self._portion(number)[at]
        if number != self._laid_out[0]:
            self._laid_out = number, self._portion(number)
        return self._laid_out[1][at]

    def _portion(self, number: int) -> list[Row]:
        if number == len(self._packed):
            return list(self._loose)
        plain = pickle.loads(zlib.decompress(self._packed[number]))  # noqa: S301 - packed by this process, in its memory
        return [self._row(each) for each in plain]
