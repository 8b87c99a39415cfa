"""The field and people in front of a screen, as in the tests of the pages."""

from tests.cases.routes.conftest import enter, field

__all__ = ["enter", "field"]
