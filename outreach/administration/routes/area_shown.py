"""The page of one area: everything that holds there, and who may change which part of it."""

from datetime import date
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.accounts.signed_in import kind_label
from outreach.administration import policy
from outreach.administration.queries import subject_of
from outreach.administration.routes.closings_shown import closings_shown
from outreach.administration.routes.shown import changes_shown, step_text
from outreach.administration.words import WORDS
from outreach.cases.workflow.anchors import usual_report_days
from outreach.extensions import db
from outreach.partners import municipalities, queries
from outreach.partners.calendars import calendar_for
from outreach.partners.models import Area
from outreach.schoolyear import school_year_of
from outreach.web.filters import day, language

Shown = list[dict[str, Any]]


def area_page(actor: Actor, area: Area) -> str:
    """The page, with a way to change each part for who may."""
    administers = policy.may_administer(actor)

    def only(endpoint: str) -> str | None:
        return url_for(f"administration.{endpoint}", key=area.key) if administers else None

    return render_template(
        "administration/area.html",
        area={"name": area.name, "coordinator": area.coordinator.name},
        closings=closings_shown(db.session, area=area, may_change=True),
        close_url=url_for("administration.close_area", key=area.key),
        windows=_windows(area),
        window_url=url_for("administration.open_window", key=area.key),
        report_days=_report_days(area),
        usual_report_days=[day(each) for each in _usual_report_days(area)],
        report_day_url=url_for("administration.expect_reports", key=area.key),
        municipalities=_municipalities(area, may_end=administers),
        municipality_url=only("add_municipality"),
        routing=_routing(area, may_remove=administers),
        routing_url=only("route"),
        agreements=_agreements(area, may_change=administers),
        agreement_url=only("add_agreement"),
        partners=_partners(area),
        change_url=only("change_area"),
        changes=changes_shown(db.session, subject_of(area)),
        back_url=url_for("administration.areas"),
    )


def _windows(area: Area) -> Shown:
    return [
        {
            "birth_year": row.birth_year,
            "closes": day(row.closes_on),
            "result": day(row.result_on) or "–",
            "expires": day(row.ticket_expires_on) or "–",
            "past": row.closes_on < clock.today(),
            "change_url": url_for("administration.change_window", window_id=row.id),
        }
        for row in reversed(queries.windows(db.session, area.id))
    ]


def _report_days(area: Area) -> Shown:
    return [
        {
            "day": day(row.on),
            "past": row.on < clock.today(),
            "remove_url": url_for("administration.expect_no_reports", day_id=row.id),
        }
        for row in queries.report_days(db.session, area.id)
    ]


def _usual_report_days(area: Area) -> list[date]:
    """Those that hold in this school year; none when the area noted its own."""
    year = school_year_of(clock.today())
    if any(school_year_of(row.on) == year for row in queries.report_days(db.session, area.id)):
        return []
    return usual_report_days(calendar_for(db.session, area.id), year.start)


def _municipalities(area: Area, *, may_end: bool) -> Shown:
    today = clock.today()
    return [
        {
            "name": municipalities.name(row.nis, language()),
            "nis": row.nis,
            "from": day(row.from_on),
            "until": day(row.until_on),
            "past": row.until_on is not None and row.until_on < today,
            "ahead": row.from_on is not None and row.from_on > today,
            "end_url": url_for("administration.end_municipality", key=area.key, place_id=row.id)
            if may_end and row.until_on is None
            else None,
        }
        for row in queries.municipality_rows(db.session, area.id)
    ]


def _routing(area: Area, *, may_remove: bool) -> Shown:
    return [
        {
            "step": step_text(row.step),
            "organisation": row.organisation.name,
            "for": ", ".join(
                filter(
                    None,
                    (
                        _("aged %(age)s", age=row.age) if row.age is not None else None,
                        municipalities.name(row.nis, language()) if row.nis else None,
                    ),
                )
            )
            or _("everybody"),
            "remove_url": url_for("administration.remove_routing", key=area.key, routing_id=row.id)
            if may_remove
            else None,
        }
        for row in queries.routings(db.session, area.id)
    ]


def _agreements(area: Area, *, may_change: bool) -> Shown:
    today = clock.today()
    return [
        {
            "key": row.key,
            "source": WORDS.text(f"source.{row.source}", language()).capitalize(),
            "from": day(row.from_on),
            "until": day(row.until_on),
            "reference": row.reference,
            "state": "past" if row.until_on < today else "ahead" if row.from_on > today else "valid",
            "change_url": url_for("administration.change_agreement", agreement_id=row.id) if may_change else None,
        }
        for row in queries.agreements_of(db.session, area.id)
    ]


def _partners(area: Area) -> Shown:
    return [
        {
            "name": one.name,
            "kind": kind_label(one.kind),
            "url": url_for("administration.organisation", organisation_id=one.id),
        }
        for one in queries.organisations(db.session, area_id=area.id, on=clock.today())
    ]
