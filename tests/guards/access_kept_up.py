"""Who may keep up what about the area and the team of the world: the pages of administration."""

from collections.abc import Callable

from .access_world import Who

Rules = dict[str, Callable[[Who], bool]]


def _not_of_the_area(who: Who) -> bool:
    """An area is kept up by administrators and by the coordinators of who coordinates it."""
    return who.role != "administrator" and who.place != "lead"


def _not_of_the_team(who: Who) -> bool:
    """A team is kept up by itself, and seen by who coordinates the area it works in."""
    return who.role != "administrator" and who.place != "own" and (who.role, who.place) != ("coordinator", "lead")


def _only_sees_the_team(who: Who) -> bool:
    """Who coordinates the area keeps closing days of schools; a team keeps its own."""
    return who == Who("coordinator", "lead")


def _nobody(who: Who) -> bool:
    """Administrators alone come in, and they see all of it."""
    return False


_OF_THE_AREA = (
    "area",
    "close_area",
    "open_window",
    "change_window",
    "remove_window",
    "expect_reports",
    "expect_no_reports",
)
_OF_THE_TEAM = ("change_organisation", "close_organisation", "change_closing", "remove_closing")
_OF_ADMINISTRATORS = (
    "add_agreement",
    "add_municipality",
    "change_agreement",
    "change_area",
    "end_municipality",
    "end_organisation",
    "remove_routing",
    "route",
    "serve_area",
    "stop_serving",
)

KEPT_UP_HIDDEN_FROM: Rules = {
    **{f"administration.{page}": _not_of_the_area for page in _OF_THE_AREA},
    **{f"administration.{page}": _not_of_the_team for page in ("organisation", *_OF_THE_TEAM)},
    **{f"administration.{page}": _nobody for page in _OF_ADMINISTRATORS},
}

KEPT_UP_MAY_NOT: Rules = {f"administration.{page}": _only_sees_the_team for page in _OF_THE_TEAM}
