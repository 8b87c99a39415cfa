"""What a phone keeps is of one person, for one day, behind a code; and its caches hold nobody."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from .conftest import Site
from .road import CODE, Phone, Phones, visits_recorded, visits_today


def taken_along(site: Site, phones: Phones) -> Phone:
    """The phone of Wim with a visit of today, and a report about it that is not sent."""
    visits_today(site, "Milan", "Aya")
    phone = phones("van Wim")
    phone.sign_in(site.field.worker)
    phone.take_along()
    phone.lose_connection()
    phone.unlock()
    phone.report_nobody_home("Milan Peeters")
    return phone


def test_ten_wrong_codes_wipe_the_visits_also_with_a_restart_in_between(site: Site, phones: Phones) -> None:
    phone = taken_along(site, phones)
    phone.page.reload()
    for left in (9, 8, 7):
        phone.unlock("000000")
        expect(phone.page.get_by_text(f"Nog {left} pogingen")).to_be_visible()
    phone.restart()
    phone.context.set_offline(True)
    for left in (6, 5, 4, 3, 2):
        phone.unlock("111111")
        expect(phone.page.get_by_text(f"Nog {left} pogingen")).to_be_visible()
    phone.unlock("111111")
    expect(phone.page.get_by_text("Nog één poging")).to_be_visible()
    phone.unlock("111111")
    expect(phone.page.get_by_text("Tien foute codes: de bezoeken zijn van dit toestel gewist.")).to_be_visible()
    assert phone.kept("package") == []
    expect(phone.unsent()).to_have_count(1)


def test_the_right_code_gives_all_tries_back(site: Site, phones: Phones) -> None:
    phone = taken_along(site, phones)
    phone.page.reload()
    phone.unlock("000000")
    expect(phone.page.get_by_text("Nog 9 pogingen")).to_be_visible()
    phone.unlock(CODE)
    expect(phone.page.get_by_role("heading", name="Aya Peeters")).to_be_visible()
    (lock,) = (one for one in phone.kept("package") if one["key"] == "lock")
    assert lock["tries"] == 0


def test_at_ten_in_the_evening_the_visits_go_and_the_report_stays(site: Site, phones: Phones) -> None:
    phone = taken_along(site, phones)
    expect(phone.page.get_by_role("heading", name="Aya Peeters")).to_be_visible()
    phone.page.clock.set_fixed_time(datetime.now(UTC) + timedelta(hours=12, minutes=1))
    phone.page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(phone.page.get_by_text("Na 22:00 worden de bezoeken van de dag van dit toestel gewist.")).to_be_visible()
    expect(phone.page.get_by_text("Aya Peeters")).to_have_count(0)
    assert phone.kept("package") == []
    (draft,) = phone.kept("drafts")
    assert draft["copy"] is None


def test_the_worker_wipes_when_no_page_of_ours_is_open(site: Site, phones: Phones) -> None:
    phone = taken_along(site, phones)
    phone.find_connection()
    phone.wait_until_sent()
    phone.let_the_hour_pass()
    phone.page.goto("/healthz")  # an answer without any script of ours
    phone.until_wiped()


def test_signing_out_wipes_the_visits_and_keeps_the_report(site: Site, phones: Phones) -> None:
    phone = taken_along(site, phones)
    site.reachable = True
    phone.page.goto("/offline")
    phone.context.set_offline(False)
    phone.page.goto("/my-work")
    phone.sign_out()
    assert phone.kept("package") == []


def test_somebody_else_on_the_same_phone_sends_and_reads_nothing(site: Site, phones: Phones) -> None:
    phone = taken_along(site, phones)
    phone.context.clear_cookies()
    phone.find_connection()
    phone.sign_in(site.field.guide)
    expect(phone.page.get_by_role("heading", level=1, name="Mijn werk")).to_be_visible()
    phone.page.goto("/offline")
    expect(phone.page.get_by_text("gewist omdat iemand anders zich op dit toestel aanmeldde")).to_be_visible()
    expect(phone.unsent()).to_contain_text("Van iemand anders op dit toestel")
    expect(phone.unsent().get_by_role("button")).to_have_count(0)
    assert visits_recorded(site) == 0
    (draft,) = phone.kept("drafts")
    assert draft["copy"] is None
    assert "Peeters" not in str(draft)

    phone.page.goto("/my-work")
    phone.sign_out()
    phone.sign_in(site.field.worker)
    phone.wait_until_sent()
    assert visits_recorded(site) == 1


def test_after_a_day_the_caches_hold_files_and_the_empty_page_only(site: Site, phones: Phones) -> None:
    phone = taken_along(site, phones)
    phone.find_connection()
    phone.wait_until_sent()
    phone.page.goto("/my-work")
    phone.page.get_by_role("link", name="Aya Peeters", exact=True).first.click()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Aya Peeters")
    phone.page.go_back()
    (kept,) = phone.caches().values()
    assert kept.keys()
    for path, text in kept.items():
        assert re.match(r"/static/|/offline\?language=(nl|fr|en)$", path), path
        assert not re.search("Peeters|Sleepstraat|Wim|example\\.test", text), path
    for draft in phone.kept("drafts") + phone.kept("package") + phone.kept("settings"):
        assert not re.search("Peeters|Sleepstraat|Wim|example\\.test", str(draft))


def test_without_a_safe_place_to_keep_things_it_says_so(site: Site, phones: Phones) -> None:
    visits_today(site, "Milan")
    phone = phones("van Wim")
    phone.context.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    phone.sign_in(site.field.worker)
    expect(phone.page.get_by_text("Bezoeken meenemen werkt hier niet")).to_be_visible()
    expect(phone.page.get_by_role("link", name=re.compile("Bezoek melden")).first).to_be_visible()
