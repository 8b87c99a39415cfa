"""How far an area may move the numbers of its ladder, and which numbers do not go together."""

from outreach.cases.workflow.model import Ladder
from outreach.errors import Refused

BOUNDS = {
    "before_aim": (1, 15),
    "only_if_aim_after": (2, 30),
    "team_lead_after": (2, 40),
    "coordinator_after": (3, 60),
    "never_sooner_after_told": (2, 10),
    "silence": (5, 60),
    "reason_open": (3, 40),
    "round_stays": (2, 10),
    "round_pauses": (2, 10),
    "round_openings": (2, 10),
}
"""The least and the most of each number. Nobody above is told sooner than two working days after the owner was."""


def check_ladder(ladder: Ladder) -> None:
    """Raises Refused for a number out of bounds, or for rungs that stand in the wrong order."""
    for name, (least, most) in BOUNDS.items():
        if not least <= int(getattr(ladder, name)) <= most:
            raise Refused("ladder_out_of_bounds", number=name, least=least, most=most)
    if ladder.coordinator_after <= ladder.team_lead_after:
        raise Refused("ladder_coordinator_first", team_lead=ladder.team_lead_after)
    if ladder.only_if_aim_after <= ladder.before_aim:
        raise Refused("ladder_word_too_soon", before=ladder.before_aim)
