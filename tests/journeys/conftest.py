"""The modules of the random year say what they found when an assertion fails, as test modules do."""

import sys

import pytest

for module in ("promises", "year", "steps", "families", "facts"):
    name = f"tests.journeys.{module}"
    if name not in sys.modules:  # the simulations use some of them too, and may come first
        pytest.register_assert_rewrite(name)
