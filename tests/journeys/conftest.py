"""The modules of the random year say what they found when an assertion fails, as test modules do."""

import pytest

for module in ("promises", "year", "steps", "families", "facts"):
    pytest.register_assert_rewrite(f"tests.journeys.{module}")
