"""How the fields of a draft are read: which child each outcome is for, what was typed, whom to ring as it was seen."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from outreach.cases.commands.settling import CONTACT
from outreach.cases.drafts import Draft
from outreach.cases.forms.visit import VisitForm
from outreach.cases.merging import OUTCOME

CHILD = re.compile(r"outcome(?:_\d{1,2})?")
"""Fields that say what came of the visit, one for each child."""

_SECRET = ("csrf_token", "submission_key", "version", "keep")

CONTACT_FIELDS = ("name", "relation", "phone", "language")


def typed_fields(draft: Draft) -> list[tuple[str, str]]:
    """What was typed, without the secrets of the form."""
    return [(name, value) for name, value in draft.fields if name not in _SECRET]


def children_of(draft: Draft) -> dict[str, int]:
    """Which child each outcome of the form was for; without that knowledge only the one whose card was tapped."""
    known = draft.seen.get("children")
    found = {OUTCOME: draft.step_id}
    if isinstance(known, Mapping):
        found |= {
            str(name): int(step_id)
            for name, step_id in list(known.items())[:12]
            if CHILD.fullmatch(str(name)) and str(step_id).isdecimal()
        }
    return {**found, OUTCOME: draft.step_id}


def grouped(fields: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """What was typed, by field; several values of one field together. Which child it was about is left out."""
    found: dict[str, list[str]] = {}
    for name, value in fields:
        if value and not CHILD.fullmatch(name):
            found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def told_contacts(form: VisitForm) -> dict[str, Any]:
    """Those to ring that were put right, by id; new ones stand beside what is known and contradict nothing."""
    changed = [row.form for row in form["contacts"] if row.form.changed] if "contacts" in form else []
    return {f"{CONTACT}{row.contact_id.data}": row.said for row in changed if (row.contact_id.data or "").isdigit()}


def seen_contacts(form: VisitForm) -> dict[str, Any]:
    """How they stood in the form that was taken along."""
    rows = [row.form for row in form["contacts"]] if "contacts" in form else []
    return {
        f"{CONTACT}{row.contact_id.data}": {**dict.fromkeys(CONTACT_FIELDS, ""), **dict(parse_qsl(row.was.data or ""))}
        for row in rows
        if (row.contact_id.data or "").isdigit()
    }
