"""What people fill in about a list: the file; before it is loaded, who leads and what kind of place an address is."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired, MultipleFileField
from wtforms import DateField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from outreach import clock
from outreach.cases.words import choices
from outreach.children.addresses import AddressKind
from outreach.imports.guessing import guessed_fields
from outreach.imports.listed import ListedChild
from outreach.imports.models import ABSENCES, PARTICIPATION
from outreach.imports.reading import ListFile
from outreach.imports.reading.vocabulary import LEFT_ALONE, title_keys
from outreach.imports.words import word
from outreach.partners.models import Agreement, Area, Organisation
from outreach.web.filters import language, number

NEEDED = _l("Please fill this in.")


class UploadForm(FlaskForm):  # type: ignore[misc]
    """A list to look at. `agreement` is there only when there is something to choose."""

    file = FileField(_l("File"), [FileRequired(_l("Choose the file first."))])
    area = SelectField(_l("Area"), [DataRequired(NEEDED)], coerce=int)
    as_of = DateField(_l("Date of the list"), [DataRequired(_l("Fill in the day the list was made."))])
    agreement = SelectField(_l("Agreement"), [Optional()])


def upload_form(areas: Sequence[Area], agreements: Sequence[Agreement]) -> UploadForm:
    """The form with one's own areas, and their agreements when there are several."""
    form = UploadForm()
    form.area.choices = [(area.id, area.name) for area in areas]
    if len(agreements) > 1:
        named = [(str(one.id), f"{one.key} ({one.reference})") for one in agreements]
        form.agreement.choices = [("", _("The one that is valid that day")), *named]
    else:
        del form.agreement
    return form


class ReportForm(FlaskForm):  # type: ignore[misc]
    """Reports of schools to look at. `area` and `agreement` are there only when there is something to choose."""

    kind = RadioField(_l("What is it?"), default=PARTICIPATION)
    files = MultipleFileField(_l("Files"), [FileRequired(_l("Choose the file first."))])
    as_of = DateField(_l("Day of the report"), [DataRequired(_l("Fill in the last day that is counted."))])
    area = SelectField(_l("Area"), [DataRequired(NEEDED)], coerce=int)
    agreement = SelectField(_l("Agreement"), [Optional()])

    def validate_as_of(self, field: DateField) -> None:
        """Half days are counted, not foreseen."""
        if field.data and field.data > clock.today():
            raise ValidationError(_("That day is still to come: a report counts the days that were."))


def report_form(areas: Sequence[Area], agreements: Sequence[Agreement]) -> ReportForm:
    """The form with the areas one may report for, and their agreements when there are several."""
    form = ReportForm()
    form.kind.choices = [
        (PARTICIPATION, _("Totals: half days of each kleuter so far")),
        (ABSENCES, _("Absences by day: a code for a day or half day")),
    ]
    form.area.choices = [(area.id, area.name) for area in areas]
    if len(areas) == 1:
        del form.area
    if len(agreements) > 1:
        named = [(str(one.id), f"{one.key} ({one.reference})") for one in agreements]
        form.agreement.choices = [("", _("The one that is valid that day")), *named]
    else:
        del form.agreement
    return form


class DecideForm(FlaskForm):  # type: ignore[misc]
    """One answer for all ticked differences of a group."""

    answer = RadioField(_l("What do you decide?"), [InputRequired(_l("Choose what you decide."))])


def decide_form(kind: str, answers: Sequence[str], data: object = None) -> DecideForm:
    """The form with what can be decided about this kind of difference, the usual answer chosen."""
    form = DecideForm(data)
    form.answer.choices = [(str(one), word(f"answer.{kind}.{one}", language())) for one in answers]
    if data is None:
        form.answer.data = str(answers[0])
    return form


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    """Yes, load it; its fields depend on the list: a lead for each birth year, a kind for each crowded address."""

    years: tuple[int, ...] = ()
    addresses: tuple[str, ...] = ()

    @property
    def leads(self) -> dict[int, int]:
        """The organisation that leads, by birth year."""
        return {year: int(self[f"lead_{year}"].data) for year in self.years}

    @property
    def address_kinds(self) -> dict[str, AddressKind]:
        """What kind of place each crowded address is."""
        kinds = (self[f"place_{number}"].data for number in range(len(self.addresses)))
        return {address: AddressKind(kind) for address, kind in zip(self.addresses, kinds, strict=True)}

    @property
    def asked_names(self) -> list[str]:
        """The names of what is asked, in order."""
        return [f"lead_{year}" for year in self.years] + [f"place_{number}" for number in range(len(self.addresses))]

    @property
    def asked(self) -> list[Any]:
        """The fields to show, in order."""
        return [self[name] for name in self.asked_names]


def confirm_form(
    cohorts: Mapping[int, int],
    leads: Sequence[Organisation],
    own: int,
    crowded: Mapping[str, Sequence[ListedChild]],
    as_of: date,
) -> ConfirmForm:
    """The form for one list. `cohorts`: how many new children of each birth year; `own`: who leads unless changed."""
    years = tuple(sorted(cohorts)) if len(leads) > 1 else ()
    fields: dict[str, Any] = {"years": years, "addresses": tuple(crowded)}
    fields |= {f"lead_{year}": SelectField(_lead_label(year, cohorts[year], as_of), default=str(own)) for year in years}
    fields |= {
        f"place_{number}": SelectField(_place_label(there), [DataRequired(NEEDED)])
        for number, there in enumerate(crowded.values())
    }
    form: ConfirmForm = type("ConfirmFormOfList", (ConfirmForm,), fields)()
    for name in form.asked_names:
        kinds = [("", _("Choose")), *choices("address", language())]
        form[name].choices = [(str(one.id), one.name) for one in leads] if name.startswith("lead_") else kinds
    return form


def _lead_label(year: int, count: int, as_of: date) -> str:
    born = _("Who leads: born in %(year)s, %(count)s new", year=year, count=number(count))
    age = _("turning %(years)s this year", years=as_of.year - year)
    return f"{born} ({age})"


def _place_label(there: Sequence[ListedChild]) -> str:
    where = {"count": len(there), "address": _line(there[0])}
    return str(_("%(count)s children at %(address)s: what kind of place is it?", **where))


def _line(child: ListedChild) -> str:
    box = f" bus {child.box}" if child.box else ""
    return f"{child.street} {child.number}{box}, {child.municipality}"


class ColumnsForm(FlaskForm):  # type: ignore[misc]
    """What each column of a file is; its fields depend on the file."""

    found: ListFile

    @property
    def asked(self) -> dict[int, Any]:
        """The fields to show, by the place of their column."""
        places = range(len(self.found.titles))
        return {place: self[f"column_{place}"] for place in places if f"column_{place}" in self}

    @property
    def said(self) -> dict[int, str | None]:
        """What the titles do not say by themselves, by the place of the column; None to leave it alone."""
        proposed = {place: name for name, place in self.found.columns.items()}
        chosen = {place: one.data or None for place, one in self.asked.items()}
        return {place: name for place, name in chosen.items() if name != proposed.get(place)}

    def validate(self, extra_validators: Any = None) -> bool:
        """Every column is one thing, nothing is two columns, and there is enough to read children from."""
        if not super().validate(extra_validators):
            return False
        seen: set[str] = set()
        for one in self.asked.values():
            if one.data and one.data != LEFT_ALONE and one.data in seen:
                one.errors = [_("This was chosen for another column already.")]
            seen.add(one.data)
        missing = [word(f"field.{key}", language()) for key in self.found.vocabulary.missing(seen)]
        if missing:
            self.form_errors = [_("Say which column holds: %(missing)s.", missing=", ".join(missing))]
        return not self.errors


def columns_form(found: ListFile, examples: Mapping[int, Sequence[str]]) -> ColumnsForm:
    """The form for one file, with our guesses by title, then by what stands in a column (`examples`, by its place)."""
    proposed = guessed_fields(found, examples) | {place: name for name, place in found.columns.items()}
    tied = found.vocabulary.tied
    proposed |= {place: LEFT_ALONE for place, key in enumerate(title_keys(found.titles)) if tied.get(key) == LEFT_ALONE}
    named = [(name, word(f"tie.{name}", language())) for name in found.vocabulary.fields]
    fields: dict[str, Any] = {"found": found}
    for place in examples:
        label = _("What is “%(title)s”?", title=found.titles[place] or _("column %(number)s", number=place + 1))
        fields[f"column_{place}"] = SelectField(label, default=proposed.get(place, ""))
    form: ColumnsForm = type("ColumnsFormOfList", (ColumnsForm,), fields)()
    rest = [("", _("Leave this column alone"))]
    if found.vocabulary.keeps_rest:
        rest = [("", _("Keep as a note")), (LEFT_ALONE, word(f"tie.{LEFT_ALONE}", language()))]
    for one in form.asked.values():
        one.choices = [*rest, *named]
    return form
