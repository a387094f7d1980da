"""Many sets in one query: what comes back equals what the database holds."""

from typing import Any

import pytest

from accounts.models import User
from core import together
from issues.models import Clock, Issue, IssueEvent, Rectification
from tests.issues.conftest import monday, stage  # noqa: F401 - fixtures
from tests.issues.stages import Stage

pytestmark = pytest.mark.usefixtures("monday")


def facts(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_rows_come_back_as_they_are(stage: Stage, django_assert_num_queries: Any) -> None:  # noqa: F811
    issue = stage.issue("closed")
    sets = {model.__name__: model.objects.filter(issue=issue) for model in (IssueEvent, Clock, Rectification)}
    with django_assert_num_queries(1):
        found = together.fetch(sets)
    for name, rows in sets.items():
        assert [facts(row) for row in found[name]] == [facts(row) for row in rows.order_by("pk")]


def test_hashes_of_events_can_be_recomputed(stage: Stage) -> None:  # noqa: F811
    issue = stage.issue("closed")
    found = together.fetch({"events": IssueEvent.objects.filter(issue=issue)})["events"]
    assert all(event.digest() == event.hash for event in found)


def test_empty_sets_and_secrets(stage: Stage) -> None:  # noqa: F811
    found = together.fetch({"none": Clock.objects.none(), "people": User.objects.filter(pk=stage.lead.pk)})
    assert found["none"] == []
    assert found["people"][0].get_deferred_fields() == {"password"}


def test_attached_rows_answer_without_a_query(stage: Stage, django_assert_num_queries: Any) -> None:  # noqa: F811
    issue = Issue.objects.get(pk=stage.issue("assigned").pk)
    together.attach(issue, "clocks", [])
    with django_assert_num_queries(0):
        assert list(issue.clocks.all()) == []
