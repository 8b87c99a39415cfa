"""Who a step belongs to: the fixed order of process.md, over candidates somebody else gathered."""

from collections.abc import Sequence
from dataclasses import dataclass

from outreach.cases.workflow.model import OwnerRule


@dataclass(frozen=True)
class Owner:
    """The organisation that owns a step, why it does, and whether a person still has to assign it."""

    organisation_id: int
    reason: str
    to_assign: bool = False


def choose_owner(
    rule: OwnerRule,
    *,
    named: int | None,
    previous: int | None,
    routed: int | None,
    serving: Sequence[int],
    lead: int,
) -> Owner:
    """Named in the form; the one of that kind that last had the case; the routing table; the only one of that kind
    serving the municipality; else the lead, marked to assign unless the rule gives it to the lead anyway.

    `reason` is one of named, lead, previous, routed, only_one, to_assign.
    """
    if named is not None:
        return Owner(named, "named")
    if rule.lead:
        return Owner(lead, "lead")
    if previous is not None:
        return Owner(previous, "previous")
    if routed is not None:
        return Owner(routed, "routed")
    if len(set(serving)) == 1:
        return Owner(serving[0], "only_one")
    if rule.else_lead:
        return Owner(lead, "lead")
    return Owner(lead, "to_assign", to_assign=True)
