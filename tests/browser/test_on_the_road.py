"""A visit without a connection: nothing typed is lost, nothing is sent twice, and nobody reads it on a lost phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from .conftest import Site
from .road import Phone, Phones, visits_recorded, visits_today


@pytest.fixture
def phones(site: Site, tmp_path: Path) -> Iterator[Phones]:
    """Phones by name; each is bought the first time it is named."""
    bought: dict[str, Phone] = {}

    def named(name: str) -> Phone:
        if name not in bought:
            bought[name] = Phone(site, tmp_path / name)
        return bought[name]

    yield named
    for phone in bought.values():
        phone.context.close()


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
