"""Synthetic history: the rows that the verbs would leave, whole chains, the same rows again, and only in a demo."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.forms import model_to_dict

from accounts.choices import Role
from accounts.models import User
from catalog.models import GuideRevision
from core import ledger
from core.doors import WrongState
from issues import clocks
from issues.choices import IssueStatus, Outcome, Source
from issues.models import Issue, IssueEvent
from issues.services.bulk_history import Batch, Cast, History
from reports.demo import scale
from tests import factories
from tests.issues.stages import WAYS, WHY, Stage, category
from tests.reports.conftest import WEDNESDAY

KEYS = {
    "id",
    "issue",
    "number",
    "clock",
    "rectification",
    "verification",
    "merged_into",
    "into",
    "previous_hash",
    "hash",
}
KEYS |= {"ledger_head", "close_out_number", "follow_up"}
EVIDENCE = "规划局便函〔2026〕12 号，附件一"


def facts(row: Any) -> dict[str, Any]:
    """What a row says, without keys and numbers of its own."""
    found = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    found["data"] = {name: value for name, value in found.get("data", {}).items() if name not in KEYS}
    return {name: value for name, value in found.items() if name.removesuffix("_id") not in KEYS}


def story(issue: Issue) -> dict[str, Any]:
    """The issue as the database has it, with all that belongs to it."""
    fresh = Issue.objects.get(pk=issue.pk)
    sets = ("events", "clocks", "rectifications", "verifications", "follow_ups")
    found: dict[str, Any] = {name: [facts(row) for row in getattr(fresh, name).order_by("pk")] for name in sets}
    return found | {"issue": facts(fresh), "holders": model_to_dict(fresh, ["holding_departments"])}


def in_bulk(stage: Stage, *steps: str) -> Issue:
    """The same story as `Stage.issue` tells in these steps, written in bulk."""
    district = stage.district
    calendars = {district.hall.pk: clocks.calendar_of(district.hall)}
    cast = Cast(stage.office, stage.office, {district.b.pk: stage.lead}, clocks.current_rule(), calendars)
    scene = {"title": "受理时仍要求提交复印件", "description": WHY, "hall": district.hall, "window": district.window_b}
    scene |= {"item": district.item_b, "category": category(), "source": Source.CROSS_SESSION}
    scene |= {"needing_department": district.b, "guide_revision": GuideRevision.objects.get(item=district.item_b)}
    with transaction.atomic():
        batch = Batch(cast)
        history = History(batch, WEDNESDAY, stage.finder, [district.a], **scene)
        for step in steps:
            act(history, step, stage)
        batch.save()
    return Issue.objects.get(pk=history.issue.pk)


def act(history: History, step: str, stage: Stage) -> None:
    other = Issue.objects.exclude(pk=history.issue.pk).latest("pk")
    given: dict[str, tuple[Any, ...]] = {
        "assign": (stage.district.b, 5),
        "submit": ("取消复印件", Outcome.SOLVED, "", EVIDENCE),
        "close": (WEDNESDAY, "已看到新指南"),
        "suspend": ("higher_level", Issue.objects.latest("pk").review_on),
        "reject": ("out_of_scope", "不属本活动范围"),
        "merge": (other,),
    }
    name = {"submit": "submit_rectification", "close": "close_out"}.get(step, step)
    getattr(history, name)(WEDNESDAY, *given.get(step, ()))


@pytest.mark.parametrize("status", IssueStatus.values)
def test_bulk_rows_say_what_the_verbs_write(stage: Stage, status: str) -> None:
    real = stage.issue(status)
    assert story(in_bulk(stage, *WAYS[status])) == story(real)
    assert list(ledger.verify(IssueEvent)) == []


def test_an_act_out_of_turn_is_refused_in_bulk_too(stage: Stage) -> None:
    stage.issue()
    with pytest.raises(WrongState):
        in_bulk(stage, "reject", "assign")


@pytest.fixture
def cast(stage: Stage) -> Stage:
    """A second officer, and a liaison for each department but the officers' own."""
    office = factories.make_department(code="D99", short_name="政数局")
    User.objects.filter(pk=stage.office.pk).update(department=office)
    factories.grant(factories.make_user(department=office), Role.REFORM_OFFICE)
    for department in (stage.district.a, stage.district.b):
        factories.grant(factories.make_user(department=department), Role.LIAISON, department=department)
    category()
    return stage


def fill_once(seed: int) -> list[Any]:
    """What sixty issues of this seed say; nothing is kept."""
    with transaction.atomic():
        call_command("demo", issues=60, seed=seed)
        assert list(ledger.verify(IssueEvent)) == []
        rows = Issue.objects.filter(title__startswith=scale.MARK).order_by("number")
        found = list(rows.values_list("number", "title", "status", "registered_at", "closed_at"))
        transaction.set_rollback(True)
    return found


def test_the_same_seed_gives_the_same_rows(cast: Stage) -> None:
    first = fill_once(7)
    assert len(first) == 60
    assert fill_once(7) == first
    assert fill_once(8) != first


def test_where_real_people_work_nothing_is_written(cast: Stage) -> None:
    factories.make_user(username="wang", display_name="某局长")
    with pytest.raises(CommandError, match="某局长"):
        call_command("demo", issues=5)
    assert not Issue.objects.exists()


def test_a_district_that_is_not_loaded_is_named(db: None) -> None:
    with pytest.raises(CommandError, match="load_demo"):
        call_command("demo", issues=5)
