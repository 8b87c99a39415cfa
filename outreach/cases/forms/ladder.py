"""The numbers of an area's reminder ladder, with how far each may go."""

from typing import Any

from flask_babel import gettext, lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from outreach.cases.workflow import LADDER_BOUNDS, Ladder

SAYS = {
    "before_aim": _("A first word to who has the step"),
    "only_if_aim_after": _("That first word only when there was time enough"),
    "team_lead_after": _("The team lead hears it too"),
    "coordinator_after": _("The coordinator hears it too"),
    "never_sooner_after_told": _("But who has the step first gets the time"),
    "silence": _("Nothing heard of a step: who has it is asked"),
    "reason_open": _("The reason of an absence stays open: the school is asked to look for it"),
    "round_stays": _("It goes round, the coordinator hears it: stayed where it was"),
    "round_pauses": _("It goes round, the coordinator hears it: paused"),
    "round_openings": _("It goes round, the coordinator hears it: the same step opened"),
}
"""Each number in words."""

COUNTS = {
    "before_aim": _("%(much)s before the aim"),
    "only_if_aim_after": _("at least %(much)s between opening and aim"),
    "team_lead_after": _("%(much)s past the aim"),
    "coordinator_after": _("%(much)s past the aim, or as soon as it is too late"),
    "reason_open": _("after %(much)s"),
    "never_sooner_after_told": _("at least %(much)s"),
    "silence": _("after %(much)s, and the coordinator after twice as long"),
}
"""What a number counts, where that is more than its days or times."""


def _field(name: str) -> IntegerField:
    least, most = LADDER_BOUNDS[name]
    said = {"least": least, "most": most}
    missing = _("Fill in a whole number from %(least)s to %(most)s.", **said)
    return IntegerField(
        SAYS[name],
        [InputRequired(missing), NumberRange(least, most, missing)],
        render_kw={"min": least, "max": most, "inputmode": "numeric"},
    )


class LadderForm(FlaskForm):  # type: ignore[misc]
    """The ten numbers; `seen` is the last change its author knew of."""

    seen = HiddenField(default="0")
    before_aim = _field("before_aim")
    only_if_aim_after = _field("only_if_aim_after")
    team_lead_after = _field("team_lead_after")
    coordinator_after = _field("coordinator_after")
    never_sooner_after_told = _field("never_sooner_after_told")
    silence = _field("silence")
    reason_open = _field("reason_open")
    round_stays = _field("round_stays")
    round_pauses = _field("round_pauses")
    round_openings = _field("round_openings")

    @property
    def ladder(self) -> Ladder:
        """The ladder that was filled in."""
        return Ladder(**{name: self[name].data for name in SAYS})

    @property
    def last_seen(self) -> int:
        """The change its author saw last; none that can be, when somebody meddled with it."""
        said = self.seen.data or ""
        return int(said) if said.isdecimal() else -1


def ladder_form(seen: int, ladder: Ladder) -> LadderForm:
    """The form filled in with a ladder."""
    return LadderForm(None, data={**ladder.model_dump(), "seen": str(seen)}, meta={"csrf": False})


def tried_form(data: Any) -> LadderForm:
    """The form as an address holds it: nothing is changed by looking."""
    return LadderForm(data, meta={"csrf": False})


def number_text(name: str, count: int) -> str:
    """A number of the ladder with what it counts."""
    much = much_text(name, count)
    return str(COUNTS[name]) % {"much": much} if name in COUNTS else much


def help_text(name: str) -> str:
    """What is to be filled in for a number, and how far it may go."""
    least, most = LADDER_BOUNDS[name]
    if name.startswith("round_"):
        times: str = gettext("How many times, from %(least)s to %(most)s.", least=least, most=most)
        return times
    if name == "never_sooner_after_told":
        working: str = gettext("Working days, from %(least)s to %(most)s.", least=least, most=most)
        return working
    if name in ("team_lead_after", "coordinator_after"):
        past: str = gettext("Days past the aim, from %(least)s to %(most)s.", least=least, most=most)
        return past
    days: str = gettext("Days, from %(least)s to %(most)s.", least=least, most=most)
    return days


def much_text(name: str, count: int) -> str:
    """A number of the ladder as so many days or times."""
    if name.startswith("round_"):
        times: str = gettext("1 time") if count == 1 else gettext("%(count)s times", count=count)
        return times
    if name == "never_sooner_after_told":
        working: str = gettext("1 working day") if count == 1 else gettext("%(count)s working days", count=count)
        return working
    days: str = gettext("1 day") if count == 1 else gettext("%(count)s days", count=count)
    return days
