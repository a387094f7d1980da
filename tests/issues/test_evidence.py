"""Pictures through the service: the image door, the matrix, the limit, the ledger, covering."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from PIL import Image

from accounts.models import User
from core import clock, ledger
from core.doors import WrongState
from core.images import Box
from issues import services
from issues.choices import EvidenceKind, IssueStatus, Redaction
from issues.evidence_permissions import may_add_to, may_check, may_describe
from issues.models import Issue, IssueEvent, Screenshot
from issues.services.evidence import MAX_SCREENSHOTS
from tests.conftest import District
from tests.issues.pictures import BAD, upload
from tests.issues.stages import Stage
from tests.issues.walks import walk

pytestmark = pytest.mark.usefixtures("monday")


def test_a_picture_is_cleaned_kept_and_written_down(stage: Stage) -> None:
    issue = stage.issue()
    picture = services.add_screenshot(stage.finder, upload(), issue=issue)
    event = IssueEvent.objects.filter(issue=issue).last()
    assert (picture.caption, picture.redaction, picture.number) == ("受理页面", Redaction.UNCHECKED, 1)
    assert event is not None
    assert (event.action, event.data["sha256"]) == ("add_screenshot", picture.sha256)
    assert default_storage.exists(picture.path)
    assert list(ledger.verify(IssueEvent)) == []


@pytest.mark.parametrize("kind", sorted(BAD))
def test_a_bad_file_leaves_nothing(stage: Stage, kind: str) -> None:
    issue = stage.issue()
    with pytest.raises(ValidationError):
        services.add_screenshot(stage.finder, BAD[kind](), issue=issue)
    assert not Screenshot.objects.exists()
    assert Issue.objects.get(pk=issue.pk).version == issue.version


def test_the_tenth_picture_is_refused_and_its_files_go(stage: Stage) -> None:
    issue = stage.issue()
    for _n in range(MAX_SCREENSHOTS):
        services.add_screenshot(stage.finder, upload(), issue=issue)
    with pytest.raises(ValidationError, match=str(MAX_SCREENSHOTS)):
        services.add_screenshot(stage.finder, upload(), issue=issue)
    assert Screenshot.objects.count() == MAX_SCREENSHOTS
    folders = default_storage.listdir("images")[0]
    assert sum(len(default_storage.listdir(f"images/{name}")[1]) for name in folders) == 2 * MAX_SCREENSHOTS


def test_evidence_from_tomorrow_is_refused(stage: Stage) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(ValidationError):
        services.add_screenshot(stage.finder, upload(), issue=stage.issue(), taken_on=tomorrow)


def test_a_picture_needs_a_parent(stage: Stage) -> None:
    with pytest.raises(ValueError, match="belongs"):
        services.add_screenshot(stage.finder, upload())


@pytest.mark.parametrize("status", [IssueStatus.CLOSED, IssueStatus.REJECTED, IssueStatus.MERGED])
def test_nothing_lands_on_a_settled_issue(stage: Stage, status: IssueStatus) -> None:
    with pytest.raises(WrongState):
        services.add_screenshot(stage.office, upload(), issue=stage.issue(status))


ADDERS = [
    ("director_a", IssueStatus.REGISTERED, True),
    ("director_a", IssueStatus.ASSIGNED, False),
    ("hall_administrator", IssueStatus.REGISTERED, True),
    ("hall_administrator", IssueStatus.RECTIFYING, False),
    ("liaison", IssueStatus.ASSIGNED, False),
    ("liaison", IssueStatus.RECTIFYING, True),
    ("reform_officer", IssueStatus.AWAITING_VERIFICATION, True),
    ("auditor", IssueStatus.REGISTERED, False),
    ("outsider", IssueStatus.RECTIFYING, False),
    ("guide", IssueStatus.REGISTERED, False),
]


@pytest.mark.parametrize(("name", "status", "allowed"), ADDERS)
def test_who_adds_pictures(
    stage: Stage, request: pytest.FixtureRequest, name: str, status: IssueStatus, allowed: bool
) -> None:
    user: User = request.getfixturevalue(name)
    verdict = may_add_to(user, stage.issue(status))
    assert bool(verdict) is allowed
    assert verdict.reason or allowed


def test_a_refused_person_changes_nothing(stage: Stage, outsider: User) -> None:
    with pytest.raises(PermissionDenied):
        services.add_screenshot(outsider, upload(), issue=stage.issue(IssueStatus.RECTIFYING))


def test_pictures_of_a_step_take_its_name(district: District, director_a: User, outsider: User) -> None:
    step = walk(district, director_a)
    picture = services.add_screenshot(
        director_a, upload(), step_run=step, boxes=[Box(0, 0, 0.5, 0.5), Box(0.5, 0.5, 0.5, 0.5)]
    )
    assert (picture.step_number, picture.step_name, picture.boxes) == (2, "受理", 2)
    assert picture.redaction == Redaction.REDACTED
    image = Image.open(BytesIO(default_storage.open(picture.path).read())).convert("RGB")
    assert [image.getpixel(at) for at in ((5, 5), (100, 70), (100, 5))] == [(0, 0, 0), (0, 0, 0), (255, 255, 255)]
    with pytest.raises(PermissionDenied):
        services.add_screenshot(outsider, upload(), step_run=step)


def test_boxes_are_burnt_in_and_the_old_file_goes(stage: Stage, django_capture_on_commit_callbacks: Any) -> None:
    issue = stage.issue()
    picture = services.add_screenshot(stage.finder, upload(), issue=issue)
    with django_capture_on_commit_callbacks(execute=True):
        covered = services.redact(picture, stage.finder, [Box(0, 0, 0.5, 0.5)])
    image = Image.open(BytesIO(default_storage.open(covered.path).read())).convert("RGB")
    assert image.getpixel((5, 5)) == (0, 0, 0)
    assert (covered.redaction, covered.boxes) == (Redaction.REDACTED, 1)
    assert covered.sha256 != picture.sha256
    assert not default_storage.exists(picture.path)
    assert IssueEvent.objects.filter(issue=issue).last().data["old_sha256"] == picture.sha256  # type: ignore[union-attr]


def test_covering_what_somebody_covered_meanwhile(stage: Stage) -> None:
    picture = services.add_screenshot(stage.finder, upload(), issue=stage.issue())
    services.redact(picture, stage.finder, [Box(0, 0, 0.5, 0.5)])
    with pytest.raises(WrongState):
        services.redact(picture, stage.office, [Box(0, 0, 0.2, 0.2)])


def test_a_picture_is_called_clean_once(stage: Stage, director_b: User) -> None:
    picture = services.add_screenshot(stage.finder, upload(), issue=stage.issue())
    with pytest.raises(PermissionDenied):
        services.mark_clean(picture, director_b)
    assert services.mark_clean(picture, stage.office).redaction == Redaction.CLEAN
    with pytest.raises(WrongState):
        services.mark_clean(picture, stage.office)


def test_words_of_a_picture(stage: Stage, director_b: User) -> None:
    picture = services.add_screenshot(stage.finder, upload(), issue=stage.issue(), no_personal_data=True)
    words: dict[str, Any] = {"caption": "新说明", "kind": EvidenceKind.AFTER, "taken_on": date(2026, 5, 1), "number": 3}
    changed = services.describe(picture, stage.finder, **words)
    assert (changed.caption, changed.kind, changed.number) == ("新说明", EvidenceKind.AFTER, 3)
    with pytest.raises(PermissionDenied):
        services.describe(picture, director_b, **words)
    with pytest.raises(ValidationError):
        services.describe(picture, stage.office, **(words | {"taken_on": date(2030, 1, 1)}))


def test_pictures_of_a_step_are_checked_by_who_runs_it(
    district: District, director_a: User, guide: User, outsider: User
) -> None:
    picture = services.add_screenshot(director_a, upload(), step_run=walk(district, director_a))
    assert may_check(guide, picture)
    assert not may_check(outsider, picture)
    assert may_describe(director_a, picture)
    assert not may_describe(guide, picture)
    assert services.mark_clean(picture, guide).redaction == Redaction.CLEAN


def test_a_picture_without_its_file_is_said_and_stays(stage: Stage) -> None:
    picture = services.add_screenshot(stage.finder, upload(), issue=stage.issue())
    default_storage.delete(picture.path)
    with pytest.raises(ValidationError):
        services.redact(picture, stage.finder, [Box(0, 0, 0.5, 0.5)])
    picture.refresh_from_db()
    assert picture.redaction == Redaction.UNCHECKED
