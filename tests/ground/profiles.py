"""How hard hypothesis looks: quick in `make check`, long in `make deep` (--hypothesis-profile=deep)."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "check", max_examples=50, stateful_step_count=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("deep", settings.get_profile("check"), max_examples=2_000, stateful_step_count=200)
settings.load_profile("check")

_YEARS = {"check": {"sqlite": 15, "postgresql": 4}, "deep": {"sqlite": 300, "postgresql": 60}}
"""Random school years that are played: on PostgreSQL every statement travels, so fewer."""


def a_year(database: str) -> settings:
    """How many random school years are played on this database; in `make check` the same ones each time."""
    profile = settings.get_current_profile_name()
    years = _YEARS.get(profile, _YEARS["check"])[database]
    again = {"derandomize": True, "database": None} if profile != "deep" else {}
    return settings(settings.get_profile(profile), max_examples=years, **again)
