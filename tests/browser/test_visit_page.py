"""The visit page with a connection that comes and goes: what is typed is kept, and recorded once."""

import re

from playwright.sync_api import Page, expect

from .conftest import Site
from .road import Phone, Phones, visits_recorded, visits_today


def at_the_door(site: Site, phones: Phones) -> Phone:
    """Wim's phone, on the page of today's visit."""
    visits_today(site, "Milan")
    phone = phones("van Wim")
    phone.sign_in(site.field.worker)
    open_report(phone.page)
    return phone


def open_report(page: Page) -> None:
    """From My work to the form."""
    page.goto("/my-work")
    page.get_by_role("link", name="Bezoek melden").first.click()
    expect(page.get_by_role("group", name="Wat is er gebeurd?")).to_be_visible()


def is_kept(phone: Phone) -> None:
    """What is on the screen is on the phone, too."""
    expect(phone.page.locator("form[data-kept]")).to_be_visible()


def test_a_report_that_was_begun_is_offered_again(site: Site, phones: Phones) -> None:
    phone = at_the_door(site, phones)
    phone.answer("Wat is er gebeurd?", "Niemand bereikt")
    phone.answer("Beter op een ander moment?", "’s avonds")
    is_kept(phone)
    open_report(phone.page)
    expect(phone.page.get_by_text("Je was bezig met een verslag van")).to_be_visible()
    expect(phone.page.get_by_label("Niemand bereikt", exact=True)).not_to_be_checked()
    phone.page.get_by_role("button", name="Verdergaan").click()
    expect(phone.page.get_by_label("Niemand bereikt", exact=True)).to_be_checked()
    expect(phone.page.get_by_label("’s avonds", exact=True)).to_be_checked()
    phone.save()
    phone.page.wait_for_url(re.compile(r"/cases/[^/]+(/visits/[0-9]+)?$"))
    expect(phone.page.locator(".notice[role=status]")).to_contain_text("Volgende keer")
    phone.until_nothing_is_kept()
    assert visits_recorded(site) == 1


def test_saving_without_a_connection_keeps_the_report_and_sends_it_later(site: Site, phones: Phones) -> None:
    phone = at_the_door(site, phones)
    phone.answer("Wat is er gebeurd?", "Niemand bereikt")
    phone.lose_connection()
    phone.save()
    expect(phone.page.get_by_text("Geen verbinding. Je verslag is bewaard op dit toestel")).to_be_visible()
    expect(phone.page.get_by_role("button", name="Bewaren")).to_have_count(0)
    expect(phone.strip()).to_contain_text("Nog niet verstuurd (1)")
    assert visits_recorded(site) == 0
    phone.find_connection()
    phone.wait_until_sent()
    assert visits_recorded(site) == 1


SLOW_TO_OPEN = """
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (...asked) {
    const told = {};
    const factory = this;
    setTimeout(() => {
      const request = open.apply(factory, asked);
      for (const name of ["onupgradeneeded", "onsuccess", "onerror"]) {
        request[name] = (event) => {
          Object.assign(told, { result: request.result, error: request.error });
          told[name]?.(event);
        };
      }
    }, 2000);
    return told;
  };
"""
"""A phone that takes two seconds to open what it keeps."""


def test_saving_before_the_phone_can_keep_anything_waits_for_it(site: Site, phones: Phones) -> None:
    phone = at_the_door(site, phones)
    phone.page.add_init_script(SLOW_TO_OPEN)
    phone.page.reload()
    phone.answer("Wat is er gebeurd?", "Niemand bereikt")
    phone.lose_connection()
    phone.save()
    expect(phone.page.get_by_text("Geen verbinding. Je verslag is bewaard op dit toestel")).to_be_visible()
    phone.find_connection()
    phone.wait_until_sent()
    assert visits_recorded(site) == 1


def test_an_answer_that_got_lost_does_not_record_the_visit_twice(site: Site, phones: Phones) -> None:
    phone = at_the_door(site, phones)
    phone.answer("Wat is er gebeurd?", "Niemand bereikt")
    site.loses = "/cases/"
    phone.save()
    assert site.lost.wait(60)
    site.loses = "-"
    phone.page.wait_for_load_state()
    phone.page.goto("/my-work")
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Mijn werk")
    phone.until_nothing_is_kept()
    assert visits_recorded(site) == 1


def test_a_report_that_misses_something_comes_back_with_what_was_typed(site: Site, phones: Phones) -> None:
    phone = at_the_door(site, phones)
    phone.answer("Wat is er gebeurd?", "Wil naar school")
    phone.answer("Gesproken met", "Moeder")
    phone.lose_connection()
    phone.save()
    expect(phone.strip()).to_contain_text("Nog niet verstuurd (1)")
    phone.find_connection()
    phone.page.goto("/offline")
    expect(phone.unsent()).to_contain_text("wacht op jou")
    assert visits_recorded(site) == 0

    phone.unsent().get_by_role("link", name="Aanvullen").click()
    expect(phone.page.get_by_label("Wil naar school", exact=True)).to_be_checked()
    expect(phone.page.get_by_role("group", name="Gesproken met").get_by_label("Moeder")).to_be_checked()
    expect(phone.page.get_by_role("alert")).to_contain_text("Weten de ouders dat een andere dienst verder helpt?")
    phone.answer("Weten de ouders dat een andere dienst verder helpt?", "ja")
    phone.answer("Zijn ze akkoord?", "ja")
    phone.save()
    phone.page.wait_for_url(re.compile(r"/cases/[^/]+(/visits/[0-9]+)?$"))
    phone.until_nothing_is_kept()
    assert visits_recorded(site) == 1


def test_a_form_the_server_sends_back_keeps_one_draft(site: Site, phones: Phones) -> None:
    phone = at_the_door(site, phones)
    phone.answer("Wat is er gebeurd?", "Wil naar school")
    phone.save()
    expect(phone.page.locator("[data-error-summary]")).to_be_visible()
    expect(phone.page.get_by_label("Wil naar school", exact=True)).to_be_checked()
    is_kept(phone)
    phone.page.goto("/offline")
    expect(phone.unsent()).to_have_count(1)
    expect(phone.unsent()).to_contain_text("niet af")
    assert visits_recorded(site) == 0
