"""A look-back sample: by a stored seed, repeatable, of those nobody looks at anyway."""

import hashlib
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import User
from core import clock, ledger
from issues import services
from issues.choices import FollowUpKind, IssueStatus
from issues.models import FollowUp, Issue, IssueEvent, LookBackSample
from issues.permissions import may, took_part
from issues.services.sampling import digest, drawn, eligible
from issues.waiting import condition
from tests.issues.stages import Stage, second_officer

pytestmark = pytest.mark.usefixtures("monday")
MAY: dict[str, Any] = {"closed_from": date(2026, 5, 1), "closed_to": date(2026, 5, 31), "due_on": date(2026, 5, 25)}


@pytest.fixture
def closed(stage: Stage) -> list[Issue]:
    return [stage.issue(IssueStatus.CLOSED) for _ in range(5)]


def sample(stage: Stage, **given: Any) -> LookBackSample:
    return services.draw_sample(stage.office, **(MAY | {"size": 2} | given))


def test_the_seed_repeats_the_draw(stage: Stage, closed: list[Issue]) -> None:
    row = sample(stage)
    numbers = [issue.number for issue in closed]
    by_hand = sorted(numbers, key=lambda n: hashlib.sha256(f"{row.seed}:{n}".encode()).hexdigest())[:2]
    assert set(row.follow_ups.values_list("issue__number", flat=True)) == set(by_hand)
    assert by_hand == drawn(row.seed, reversed(numbers), 2)
    assert (row.eligible, row.eligible_digest) == (5, digest(numbers))
    assert IssueEvent.objects.filter(action="draw_sample", data__seed=row.seed).count() == 2
    assert list(ledger.verify(IssueEvent)) == []


@pytest.mark.parametrize(("given", "size"), [({"size": 9}, 5), ({"size": None, "share": 1}, 1), ({"share": 50}, 3)])
def test_size_and_share_are_bound_by_what_there_is(
    stage: Stage, closed: list[Issue], given: dict[str, Any], size: int
) -> None:
    row = sample(stage, **given)
    assert (row.size, row.follow_ups.count()) == (size, size)


def test_nothing_is_drawn_twice_nor_what_comes_anyway(stage: Stage, closed: list[Issue]) -> None:
    sample(stage, size=3)
    FollowUp.objects.filter(issue=closed[0], kind=FollowUpKind.DAY_30).update(due_on=MAY["due_on"])
    left = set(eligible(**MAY))
    assert closed[0] not in left
    sample(stage, size=200)
    with pytest.raises(ValidationError):
        sample(stage)
    assert LookBackSample.objects.count() == 2


def test_a_new_round_can_be_drawn_again_and_an_open_issue_cannot(stage: Stage, closed: list[Issue]) -> None:
    sample(stage, size=5)
    again = services.reopen(closed[0], stage.office, note="又要复印件", rectify_days=5)
    assert not eligible(**MAY).exists()
    stage.close(stage.submit(Issue.objects.get(pk=again.pk)))
    assert list(eligible(**MAY)) == [again]


def test_it_stands_under_today_when_due_and_a_failure_opens_again(stage: Stage, closed: list[Issue]) -> None:
    row = sample(stage, size=1)
    visit = row.follow_ups.get()
    due = condition("look_back", stage.office, MAY["due_on"])
    assert list(Issue.objects.filter(due)) == [visit.issue]
    assert not Issue.objects.filter(condition("look_back", stage.office, clock.today())).exists()
    failed = services.look_back(visit.issue, stage.office, follow_up=visit, holds=False, note="又要复印件")
    assert (failed.status, failed.round) == (IssueStatus.RECTIFYING, 2)


def test_who_fixed_it_does_not_look_back_and_only_the_office_draws(
    stage: Stage, closed: list[Issue], auditor: User
) -> None:
    assert not may(stage.lead, "look_back", closed[0])
    for stranger in (stage.lead, auditor):
        with pytest.raises(PermissionDenied):
            services.draw_sample(stranger, **MAY, size=1)


def test_a_day_off_or_past_is_refused(stage: Stage, closed: list[Issue]) -> None:
    for day in (date(2026, 5, 23), clock.today() - timedelta(days=3)):
        with pytest.raises(ValidationError):
            sample(stage, due_on=day)
    assert not LookBackSample.objects.exists()


def test_who_drew_it_has_handled_none_of_it(stage: Stage, closed: list[Issue]) -> None:
    drawer = second_officer()
    visit = services.draw_sample(drawer, **MAY, size=1).follow_ups.get()
    assert visit.issue.events.filter(actor=drawer, action="draw_sample").exists()
    assert not took_part(drawer, visit.issue)
    assert took_part(stage.office, visit.issue)
