"""An unsound process is refused at the start with a sentence naming file, step and outcome; so is a changed one."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from outreach.cases.workflow import FACT_KINDS, Fact, load_processes
from outreach.cases.workflow.loading import FOLDER, read_sound, record
from outreach.cases.workflow.model import KINDS, Process
from outreach.cases.workflow.problems import SENTENCES
from outreach.cases.workflow.publishing import process_hash, recorded
from outreach.errors import Unsound
from outreach.partners.models import KINDS as ORGANISATION_KINDS

ENROLMENT = "enrolment-1.toml"
ATTENDANCE = "attendance-1.toml"
COMMON = "common.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the process files, to be spoilt."""
    return Path(shutil.copytree(FOLDER, tmp_path / "workflows"))


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    """Put a fault into a file, at the first place where `old` stands."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


FAULTS = [
    ("outcome_target_unknown", ENROLMENT, 'to = "home_visit"', 'to = "hme_visit"', "enrolment-1 intake assign"),
    ("outcome_target_unknown", ENROLMENT, 'unanswered = "intake"', 'unanswered = "inbox"', "moved_within_flanders"),
    ("first_step_unknown", ENROLMENT, 'first = "intake"', 'first = "inbox"', "inbox"),
    ("step_unreachable", ATTENDANCE, 'key = "leave_to_september", to = "restart"',
     'key = "leave_to_september", to = "follow_up"', "restart"),
    ("step_dead_end", ENROLMENT, 'key = "no_place", to = "school_choice"', 'key = "no_place", to = "stay"',
     "mediation"),
    ("step_without_aim", ENROLMENT, '{ count = 5, counter = "school_days", anchor = "step_opened" },\n]\nchecklist',
     '{ count = 5, counter = "school_days", anchor = "entry_day" },\n]\nchecklist', "warm_welcome"),
    ("step_without_owner", ENROLMENT, 'owner = { kinds = ["clb"] }', "owner = {}", "special_needs"),
    ("aim_after_too_late", ENROLMENT, 'count = 15, counter = "working_days"', 'count = 4, counter = "working_days"',
     "verification"),
    ("label_missing", ENROLMENT, 'fr = "Médiation"', 'fr = ""', "mediation"),
    ("label_missing", COMMON, 'label = { nl = "Neemt deel", fr = "Participe",', 'label = { nl = "Neemt deel",',
     "takes_part"),
    ("label_language_unknown", ENROLMENT, '{ nl = "Beslissing",', '{ de = "Entscheid", nl = "Beslissing",', "de"),
    ("closure_unknown", ENROLMENT, 'closures = ["moved_abroad"]', 'closures = ["gone"]', "gone"),
    ("closure_without_peace_day", ENROLMENT, 'may_ask = ["leave_in_peace_until"], ', "", "decision not_reached"),
    ("outcome_without_closure", ENROLMENT, 'to = "closure", closures = ["medical"]', 'to = "closure"',
     "intake medical"),
    ("outcome_with_closure", ENROLMENT, 'key = "no_address", to = "decision"',
     'key = "no_address", to = "decision", closures = ["medical"]', "no_address"),
    ("outcome_without_stay", ENROLMENT, 'key = "no_address", to = "decision"', 'key = "no_address", to = "stay"',
     "no_address"),
    ("outcome_with_stay", ENROLMENT, 'key = "no_address", to = "decision"',
     'key = "no_address", to = "decision", stay = {}', "no_address"),
    ("outcome_without_tries", ENROLMENT, 'key = "no_address", to', 'key = "no_address", after_tries = true, to',
     "no_address"),
    ("outcome_process_unknown", ENROLMENT, "attendance/school_contact", "attendance/contact", "attendance/contact"),
    ("outcome_anchor_not_asked", ENROLMENT, 'asks = ["result_on"], ', "", "result_day"),
    ("fact_twice", ENROLMENT, 'asks = ["family_day"]', 'asks = ["family_day", "planned_on"]', "planned_on"),
    ("key_twice", ENROLMENT, 'key = "no_address"', 'key = "assign"', "assign"),
    ("start_without_day", ATTENDANCE, 'starts = { count = 3, counter = "school_days", anchor = "school_year_start" }',
     'starts = { count = 3, counter = "school_days", anchor = "next_report" }', "next_report"),
    ("process_file_name", ENROLMENT, "version = 1", "version = 2", "enrolment-2.toml"),
    ("process_unreadable", ENROLMENT, 'counter = "working_days"', 'counter = "weekdays"', "counter"),
    ("process_unreadable", ENROLMENT, 'anchor = "entry_day"', 'anchor = "first_day"', "home_visit"),
    ("process_unreadable", ENROLMENT, 'asks = ["refused_on"]', 'asks = ["mood"]', "refused_or_waiting_list"),
    ("process_unreadable", ENROLMENT, 'owner = { kinds = ["clb"] }', 'owner = { kinds = ["police"] }', "special_needs"),
    ("process_unreadable", ENROLMENT, "assigns = true", "asigns = true", "asigns"),
    ("process_unreadable", ENROLMENT, "version = 1", "version = ", ENROLMENT),
]  # fmt: skip


@pytest.mark.parametrize(("key", "file", "old", "new", "named"), FAULTS)
def test_a_fault_is_refused_by_name(key: str, file: str, old: str, new: str, named: str, folder: Path) -> None:
    spoil(folder, file, old, new)
    if key == "step_dead_end":
        spoil(folder, file, 'key = "no_place", to = "stay"', 'key = "no_place", stay = {}, to = "stay"')
        spoil(folder, file, 'key = "place_found", to = "warm_welcome"', 'key = "place_found", stay = {}, to = "stay"')
    if key == "step_unreachable":
        spoil(folder, file, 'key = "year_over", to = "restart"', 'key = "year_over", to = "home_visit"')
    with pytest.raises(Unsound) as refused:
        read_sound(folder)
    assert refused.value.key == key
    assert named in refused.value.data["says"]
    assert named in str(refused.value)


def test_every_fault_that_a_file_can_have_was_tried() -> None:
    elsewhere = {"process_not_published", "process_changed", "process_missing"}
    assert {key for key, *_ in FAULTS} | elsewhere == set(SENTENCES)


def test_a_changed_published_version_is_refused_by_name(folder: Path) -> None:
    spoil(folder, ENROLMENT, 'count = 5, counter = "working_days"', 'count = 6, counter = "working_days"')
    with pytest.raises(Unsound) as refused:
        load_processes(folder)
    assert refused.value.key == "process_changed"
    assert refused.value.data["says"].startswith("enrolment-1 was published and has changed")
    assert "enrolment-2.toml" in refused.value.data["says"]


def test_labels_and_help_may_be_mended_in_a_published_version(folder: Path) -> None:
    spoil(folder, ENROLMENT, 'nl = "Eerste nazicht"', 'nl = "Nazicht"')
    spoil(folder, ENROLMENT, "Klopt het dossier, en wie gaat op bezoek?", "Klopt het dossier?")
    changed = load_processes(folder).process("enrolment", 1)
    assert changed.steps[0].label["nl"] == "Nazicht"


def test_a_version_nobody_recorded_is_not_started_with(folder: Path) -> None:
    (folder / "published.toml").unlink()
    with pytest.raises(Unsound) as refused:
        load_processes(folder)
    assert refused.value.key == "process_not_published"


def test_a_published_version_whose_file_is_gone_is_missed(folder: Path) -> None:
    with (folder / "published.toml").open("a", encoding="utf-8") as file:
        file.write('"enrolment-0" = "0"\n')
    with pytest.raises(Unsound) as refused:
        load_processes(folder)
    assert refused.value.key == "process_missing"


def test_recording_adds_new_versions_and_leaves_old_lines_alone(folder: Path) -> None:
    second = (folder / ENROLMENT).read_text(encoding="utf-8").replace("version = 1", "version = 2", 1)
    (folder / "enrolment-2.toml").write_text(second, encoding="utf-8")
    before = recorded(folder)
    assert record(folder) == ["enrolment-2"]
    assert record(folder) == []
    assert {name: digest for name, digest in recorded(folder).items() if name != "enrolment-2"} == before
    both = load_processes(folder)
    assert both.current("enrolment").version == 2
    assert both.process("enrolment", 1).version == 1


def test_only_what_a_file_says_is_hashed() -> None:
    """A field the model gets later, left at its default, changes no published version; labels and help never do."""
    label, aim = {"nl": "kort"}, {"count": 5, "counter": "working_days", "anchor": "step_opened"}
    step = {"key": "one", "owner": {"lead": True}, "aim": [aim], "outcomes": []}
    said = {"key": "short", "version": 1, "first": "one", "always": [], "steps": [step]}
    worded = {**said, "label": label, "steps": [{**step, "label": label, "help": label}]}
    expected = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    assert process_hash(Process.model_validate(worded)) == expected


def test_every_fact_says_what_kind_of_answer_it_is() -> None:
    assert set(FACT_KINDS) == set(Fact)


def test_the_kinds_of_organisations_are_those_of_the_partners() -> None:
    assert set(KINDS) == set(ORGANISATION_KINDS)
