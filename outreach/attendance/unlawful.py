"""From how many unlawful half days a child of five is a matter of its school together with the CLB. Pure."""

from datetime import date

from outreach.schoolyear import age_in, school_year_of

CLB_FROM = 5
"""So many half days with code B (domain: circular 13281)."""

COMPULSORY_AGE = 5


def for_the_clb(born_year: int, as_of: date, unlawful: int | None) -> int:
    """The unlawful half days, when they are enough to look at with the CLB; else 0."""
    at_five = age_in(school_year_of(as_of), born_year) >= COMPULSORY_AGE
    return unlawful if unlawful and at_five and unlawful >= CLB_FROM else 0
