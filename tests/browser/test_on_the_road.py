"""A visit without a connection: nothing typed is lost, and nothing is recorded twice."""

import re

from playwright.sync_api import expect
from sqlalchemy import func, select

from outreach.cases.models import ConflictItem

from .conftest import Site
from .road import READ, Phones, visits_recorded, visits_today


def test_a_report_made_without_a_connection_outlives_a_restart_and_is_recorded_once(site: Site, phones: Phones) -> None:
    visits_today(site, "Milan", "Aya")
    phone = phones("van Wim")
    phone.sign_in(site.field.worker)
    phone.take_along()
    phone.lose_connection()
    phone.unlock()
    phone.report_nobody_home("Milan Peeters")
    expect(phone.unsent()).to_have_count(1)
    expect(phone.page.get_by_text("gemeld om")).to_be_visible()

    phone.restart()
    phone.context.set_offline(True)
    phone.page.goto("/my-work")
    expect(phone.page.get_by_text("Die pagina heeft verbinding nodig.")).to_be_visible()
    expect(phone.unsent()).to_contain_text("wacht op verzending")
    assert visits_recorded(site) == 0

    phone.find_connection()
    phone.sign_in(site.field.worker)
    phone.wait_until_sent()
    assert visits_recorded(site) == 1
    phone.page.reload()
    expect(phone.strip()).to_be_hidden()
    assert visits_recorded(site) == 1


def test_it_is_sent_by_itself_when_the_connection_is_back_also_when_the_first_answer_is_lost(
    site: Site, phones: Phones
) -> None:
    visits_today(site, "Milan")
    phone = phones("van Wim")
    phone.sign_in(site.field.worker)
    phone.take_along()
    phone.lose_connection()
    phone.unlock()
    phone.report_nobody_home("Milan Peeters")
    site.loses = "/offline/reports"
    phone.find_connection()
    assert site.lost.wait(60)
    assert visits_recorded(site) == 1
    expect(phone.unsent()).to_have_count(1)

    site.loses = "-"
    phone.page.get_by_role("button", name="Nu versturen").click()
    phone.wait_until_sent()
    assert visits_recorded(site) == 1


def test_a_session_that_ended_meanwhile_keeps_the_report_until_sign_in(site: Site, phones: Phones) -> None:
    visits_today(site, "Milan")
    phone = phones("van Wim")
    phone.sign_in(site.field.worker)
    phone.take_along()
    phone.lose_connection()
    phone.unlock()
    phone.report_nobody_home("Milan Peeters")
    phone.context.clear_cookies()
    phone.find_connection()
    expect(phone.unsent()).to_contain_text("Het wordt verstuurd zodra je je aanmeldt.")
    assert visits_recorded(site) == 0

    phone.page.goto("/sign-in")
    expect(phone.strip()).to_contain_text("Nog niet verstuurd (1)")
    phone.sign_in(site.field.worker)
    phone.wait_until_sent()
    assert visits_recorded(site) == 1


def test_of_two_phones_about_one_family_what_does_not_fit_waits_for_a_person(site: Site, phones: Phones) -> None:
    visits_today(site, "Milan")
    first, second = phones("van Wim"), phones("ook van Wim")
    for phone in (first, second):
        phone.sign_in(site.field.worker)
        phone.take_along()
    site.reachable = False
    for phone, outcome in ((first, "Wil naar school"), (second, "Niemand bereikt")):
        phone.context.set_offline(True)
        phone.unlock()
        phone.open_visit("Milan Peeters")
        phone.answer("Wat is er gebeurd?", outcome)
        if outcome == "Wil naar school":
            phone.answer("Weten de ouders dat een andere dienst verder helpt?", "ja")
            phone.answer("Zijn ze akkoord?", "ja")
        phone.save()
        expect(phone.unsent()).to_have_count(1)
    first.find_connection()
    first.wait_until_sent()
    second.find_connection()
    second.wait_until_sent()
    waiting = select(func.count()).select_from(ConflictItem)
    assert site.do(lambda session: session.scalar(waiting, execution_options=READ)) == 1


def test_a_full_phone_says_so_and_keeps_what_is_on_the_screen(site: Site, phones: Phones) -> None:
    visits_today(site, "Milan")
    phone = phones("van Wim")
    phone.sign_in(site.field.worker)
    phone.take_along()
    phone.lose_connection()
    phone.unlock()
    phone.open_visit("Milan Peeters")
    phone.page.evaluate(
        """() => {
          window.room = IDBObjectStore.prototype.put;
          IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
        }"""
    )
    phone.answer("Wat is er gebeurd?", "Niemand bereikt")
    expect(phone.page.get_by_text("Dit toestel is vol")).to_be_visible()
    phone.save()
    expect(phone.page.get_by_label("Niemand bereikt", exact=True)).to_be_checked()
    assert phone.kept("drafts") == []

    phone.page.evaluate("() => { IDBObjectStore.prototype.put = window.room; }")
    phone.save()
    expect(phone.page.get_by_text("Bewaard op dit toestel.")).to_be_visible()
    expect(phone.unsent()).to_have_count(1)


def test_what_was_typed_is_there_again_after_the_page_was_closed(site: Site, phones: Phones) -> None:
    visits_today(site, "Milan")
    phone = phones("van Wim")
    phone.sign_in(site.field.worker)
    phone.take_along()
    phone.lose_connection()
    phone.unlock()
    phone.open_visit("Milan Peeters")
    phone.answer("Wat is er gebeurd?", "Niemand bereikt")
    phone.answer("Beter op een ander moment?", "’s avonds")
    expect(phone.unsent()).to_contain_text("niet af")

    phone.page.reload()
    phone.unlock()
    phone.page.locator("[data-view=list]").get_by_role("button", name=re.compile("^Verdergaan")).click()
    expect(phone.page.get_by_label("Niemand bereikt", exact=True)).to_be_checked()
    expect(phone.page.get_by_label("’s avonds", exact=True)).to_be_checked()
    phone.save()
    expect(phone.unsent()).to_have_count(1)
    expect(phone.unsent()).to_contain_text("wacht op verzending")


def test_a_report_that_is_thrown_away_is_asked_about_once(site: Site, phones: Phones) -> None:
    visits_today(site, "Milan")
    phone = phones("van Wim")
    phone.sign_in(site.field.worker)
    phone.take_along()
    phone.lose_connection()
    phone.unlock()
    phone.report_nobody_home("Milan Peeters")
    phone.unsent().get_by_role("button", name="Weggooien").click()
    phone.unsent().get_by_role("button", name="Nee, bewaren").click()
    expect(phone.unsent()).to_have_count(1)
    phone.unsent().get_by_role("button", name="Weggooien").click()
    phone.unsent().get_by_role("button", name="Ja, weggooien").click()
    expect(phone.unsent()).to_have_count(0)
    assert phone.kept("drafts") == []


def test_a_new_version_takes_over_and_no_draft_is_lost(site: Site, phones: Phones) -> None:
    visits_today(site, "Milan")
    phone = phones("van Wim")
    phone.sign_in(site.field.worker)
    phone.take_along()
    phone.unlock()
    phone.open_visit("Milan Peeters")
    phone.answer("Wat is er gebeurd?", "Niemand bereikt")
    expect(phone.unsent()).to_contain_text("niet af")
    expect(phone.page.locator("form[data-kept]")).to_be_visible()
    before = phone.kept("drafts")
    assert "outreach-next" not in phone.caches()

    site.app.config["DEVICE_VERSION"], version = "next", site.app.config["DEVICE_VERSION"]
    try:
        phone.update_worker()
        assert phone.caches().keys() == {"outreach-next"}
        assert phone.kept("drafts") == before
        expect(phone.page.get_by_label("Niemand bereikt", exact=True)).to_be_checked()
        site.reachable = False
        phone.page.goto("/my-work")
        expect(phone.unsent()).to_contain_text("niet af")
        site.reachable = True
        phone.unlock()
        phone.unsent().get_by_role("button", name="Verdergaan").click()
        expect(phone.page.get_by_label("Niemand bereikt", exact=True)).to_be_checked()
        phone.save()
        phone.wait_until_sent()
    finally:
        site.app.config["DEVICE_VERSION"] = version
    assert visits_recorded(site) == 1
