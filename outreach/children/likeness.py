"""Whether two records are probably one child: points for each field, and why (ADR: likeness in points). Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from outreach.children.insz import Insz
from outreach.children.names import token_key
from outreach.children.names_alike import NameReason, NamesCompared, compare_names

PROPOSED = 65
"""From this many of a hundred points somebody is asked whether two records are one child."""

_BIS_MONTH = 20


class Verdict(StrEnum):
    """What two values of a field say about each other."""

    AGREES = "agrees"
    ALIKE = "alike"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Portrait:
    """What is known of a child, as far as it helps to know it again; what is not known is empty or None."""

    first_name: str
    last_name: str
    born_on: date
    insz: Insz | None = None
    address_key: str = ""
    reference_person: str = ""

    @property
    def name(self) -> tuple[str, str]:
        return self.first_name, self.last_name


@dataclass(frozen=True, slots=True)
class FieldLikeness:
    """One field of two records: what they say about each other, the points for it, and the key of the reason."""

    field: str
    verdict: Verdict
    points: int
    reason: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much two records look like one child, of a hundred, field by field."""

    fields: tuple[FieldLikeness, ...]
    apart: bool = False
    """Something says that these are two children, whatever the points: a twin, a cousin."""

    @property
    def score(self) -> int:
        return max(0, min(100, sum(each.points for each in self.fields)))

    @property
    def proposed(self) -> bool:
        """Whether somebody is asked."""
        return not self.apart and self.score >= PROPOSED


def compare_children(one: Portrait, other: Portrait) -> Likeness:
    """Lay two records beside each other."""
    names = compare_names(one.name, other.name)
    born = _born(one.born_on, other.born_on)
    place = _address(one.address_key, other.address_key)
    reference = _reference(one.reference_person, other.reference_person)
    number = _number(one.insz, other.insz)
    fields = (_name(names), born, place, reference, number)
    return Likeness(fields, _two_children(names, born, place, reference, number))


def is_provisional(insz: Insz) -> bool:
    """A BIS number: it is replaced once the child is in the National Register."""
    return int(insz.number[2:4]) > _BIS_MONTH


def _two_children(
    names: NamesCompared, born: FieldLikeness, place: FieldLikeness, reference: FieldLikeness, number: FieldLikeness
) -> bool:
    """Twins and cousins: nobody is asked about them, however much is the same."""
    if names.reason is NameReason.OTHER or born.verdict is Verdict.DIFFERS:
        return True
    at_home = place.verdict is Verdict.AGREES and reference.verdict is Verdict.AGREES
    if names.reason is NameReason.LAST_NAME_OTHER and not at_home:
        return True
    if born.verdict is Verdict.ALIKE and born.reason != "new_year" and reference.verdict is Verdict.DIFFERS:
        return True
    return number.verdict is Verdict.DIFFERS and not names.first_name_same


def _name(names: NamesCompared) -> FieldLikeness:
    same = names.reason in (NameReason.SAME, NameReason.CAPITALS, NameReason.ORDER)
    verdict = Verdict.AGREES if same else Verdict.ALIKE if names.score else Verdict.DIFFERS
    if names.reason is NameReason.ORDER:
        verdict = Verdict.ALIKE
    return FieldLikeness("name", verdict, round(names.score * 0.4), names.reason.value)


def _born(one: date, other: date) -> FieldLikeness:
    if one == other:
        if (one.month, one.day) == (1, 1):
            return FieldLikeness("born_on", Verdict.ALIKE, 30, "new_year")
        return FieldLikeness("born_on", Verdict.AGREES, 40, "same")
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return FieldLikeness("born_on", Verdict.ALIKE, 20, "day_and_month")
    written = zip(one.strftime("%Y%m%d"), other.strftime("%Y%m%d"), strict=True)
    if sum(here != there for here, there in written) == 1 and abs(one - other) < timedelta(days=3_700):
        return FieldLikeness("born_on", Verdict.ALIKE, 20, "one_digit")
    return FieldLikeness("born_on", Verdict.DIFFERS, 0, "other")


def _address(one: str, other: str) -> FieldLikeness:
    if not one or not other:
        return FieldLikeness("address", Verdict.UNKNOWN, 0, "unknown")
    if one == other:
        return FieldLikeness("address", Verdict.AGREES, 20, "same")
    here, there = one.split("|"), other.split("|")
    if (here[0], here[-1]) == (there[0], there[-1]):
        return FieldLikeness("address", Verdict.ALIKE, 8, "same_street")
    return FieldLikeness("address", Verdict.DIFFERS, 0, "elsewhere")


def _reference(one: str, other: str) -> FieldLikeness:
    if not one or not other:
        return FieldLikeness("reference_person", Verdict.UNKNOWN, 0, "unknown")
    if token_key("", one) == token_key("", other):
        return FieldLikeness("reference_person", Verdict.AGREES, 10, "same")
    if compare_names(_halves(one), _halves(other)).reason is not NameReason.OTHER:
        return FieldLikeness("reference_person", Verdict.ALIKE, 5, "spelling")
    return FieldLikeness("reference_person", Verdict.DIFFERS, -15, "other")


def _number(one: Insz | None, other: Insz | None) -> FieldLikeness:
    if one is None or other is None:
        return FieldLikeness("number", Verdict.UNKNOWN, 0, "unknown")
    if one.number == other.number:
        return FieldLikeness("number", Verdict.AGREES, 100, "same")
    if is_provisional(one) != is_provisional(other):
        return FieldLikeness("number", Verdict.ALIKE, 0, "provisional")
    return FieldLikeness("number", Verdict.DIFFERS, -25, "other")


def _halves(name: str) -> tuple[str, str]:
    first, _, last = name.partition(" ")
    return first, last
