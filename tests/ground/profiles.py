"""How hard hypothesis looks: quick in `make check`, long in `make deep` (--hypothesis-profile=deep)."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "check", max_examples=50, stateful_step_count=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("deep", settings.get_profile("check"), max_examples=2_000, stateful_step_count=200)
settings.load_profile("check")
