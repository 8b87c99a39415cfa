"""How days, ages and moments are written on a page."""

from datetime import date, datetime

from babel.dates import format_datetime
from babel.numbers import format_decimal
from flask import Flask, g
from flask_babel import get_locale, gettext as _

from outreach import clock, labels


def register(app: Flask) -> None:
    """Make the filters known to every template."""
    app.jinja_env.filters.update(day=day, longday=longday, moment=moment, age=age, hour=hour, number=number)


def language() -> str:
    """The language of this page, looked up once for each request: a list asks a thousand times."""
    known: str | None = g.get("language")
    if known is None:
        known = g.language = str(get_locale() or "nl")[:2]
    return known


def day(on: date | None) -> str:
    """di 22 apr 2025"""
    return labels.short_day(on, language()) if on else ""


def longday(on: date | None) -> str:
    """dinsdag 22 april 2025"""
    return labels.day(on, language()) if on else ""


def moment(at: datetime | None) -> str:
    """di 22 apr 2025, 14:10, on a Brussels clock"""
    if at is None:
        return ""
    return f"{day(clock.local(at).date())}, {hour(at)}"


def hour(at: datetime) -> str:
    """14:10"""
    return format_datetime(clock.local(at), "H:mm", locale=labels.locale(language()))


def number(count: int) -> str:
    """20.000 in Dutch, 20 000 in French, 20,000 in English."""
    return format_decimal(count, locale=labels.locale(language()))


def age(born_on: date, on: date | None = None) -> str:
    """2 jaar 7 maanden; whole months, as a clinic counts them."""
    until = on or clock.today()
    months = (until.year - born_on.year) * 12 + until.month - born_on.month - (until.day < born_on.day)
    years, rest = divmod(max(months, 0), 12)
    return " ".join(part for part in (_years(years), _months(rest, alone=not years)) if part)


def _years(years: int) -> str:
    if years == 1:
        return str(_("1 year"))
    return str(_("%(years)s years", years=years)) if years else ""


def _months(months: int, *, alone: bool) -> str:
    if months == 1:
        return str(_("1 month"))
    return str(_("%(months)s months", months=months)) if months or alone else ""
