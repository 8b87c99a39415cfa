"""The municipalities of Flanders and Brussels (© Statbel, CC BY 4.0): by code, by name, and old codes to new ones."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from outreach.partners.spelling import fold

_DATA = Path(__file__).parent / "data"
_IN_BRACKETS = re.compile(r"[(\[/]([^)\]]+)[)\]]?")
_SAINT = re.compile(r"^st\W+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality as it is today, with its NIS code and postal codes."""

    nis: str
    name: str
    name_fr: str
    region: str
    postcodes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Merger:
    """An old code and the municipality it went into."""

    old_nis: str
    old_name: str
    new_nis: str
    effective_on: date


def find(nis: str) -> Municipality | None:
    """The municipality with this code today; None for an old or foreign code (Wallonia included)."""
    return _by_nis().get(nis)


def every() -> tuple[Municipality, ...]:
    """Every municipality of today."""
    return tuple(_by_nis().values())


def merger(nis: str) -> Merger | None:
    """How an old code came to an end; None for a code in use."""
    return _mergers().get(nis)


def current(nis: str) -> Municipality | None:
    """The municipality a code means today: itself, or the one an old code was merged into."""
    merged = merger(nis)
    return find(merged.new_nis if merged else nis)


def name(nis: str, language: str = "nl") -> str:
    """The name today, also for an old code; an unknown code stands for itself."""
    municipality = current(nis)
    if municipality is None:
        return nis
    return municipality.name_fr if language == "fr" else municipality.name


def by_postcode(postcode: str) -> tuple[Municipality, ...]:
    """Every municipality with this postal code: a few codes belong to two (1040: Brussels and Etterbeek)."""
    return _by_postcode().get(postcode, ())


@lru_cache(maxsize=4096)
def by_name(name: str, postcode: str = "") -> Municipality | None:
    """The municipality a list means by a name: today's name, the French one, one from before a merger, or part of one.

    An unknown name (Gentbrugge, Sint-Denijs-Westrem) is found by its postal code when that belongs to one municipality.
    """
    for candidate in _readings(name):
        if found := _by_key().get(candidate):
            return found
    here = by_postcode(postcode)
    return here[0] if len(here) == 1 else None


def _plain(name: str) -> str:
    return fold(_SAINT.sub("sint", name.strip()))


def _readings(name: str) -> Iterator[str]:
    yield _plain(name)
    for part in _IN_BRACKETS.findall(name):
        yield _plain(part)
    yield _plain(_IN_BRACKETS.sub("", name))


@cache
def _by_nis() -> dict[str, Municipality]:
    return {
        row["nis_code"]: Municipality(
            row["nis_code"], row["name_nl"], row["name_fr"], row["region"], frozenset(row["postal_codes"].split())
        )
        for row in _rows("municipalities.csv")
    }


@cache
def _mergers() -> dict[str, Merger]:
    mergers = (
        Merger(row["old_nis"], row["old_name"], row["new_nis"], date.fromisoformat(row["effective"]))
        for row in _rows("municipality_mergers_2025.csv")
    )
    return {merger.old_nis: merger for merger in mergers if merger.old_nis != merger.new_nis}


@cache
def _by_postcode() -> dict[str, tuple[Municipality, ...]]:
    found: dict[str, tuple[Municipality, ...]] = {}
    for municipality in _by_nis().values():
        for postcode in municipality.postcodes:
            found[postcode] = (*found.get(postcode, ()), municipality)
    return found


@cache
def _by_key() -> dict[str, Municipality]:
    """Names to municipalities; a name of today wins over an old one, and a name of two municipalities is left out."""
    keys: dict[str, Municipality | None] = {}
    for municipality in _by_nis().values():
        for spelling in {_plain(municipality.name), _plain(municipality.name_fr)}:
            keys[spelling] = None if keys.get(spelling, municipality) is not municipality else municipality
    for merger in _mergers().values():
        keys.setdefault(_plain(merger.old_name), _by_nis()[merger.new_nis])
    return {key: municipality for key, municipality in keys.items() if municipality}


def _rows(file_name: str) -> Iterator[dict[str, str]]:
    with (_DATA / file_name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
