"""Synthetic history at scale, on top of a loaded demo district: the same seed gives the same rows on the same day.

What is plausible about it: most issues are finished, the open ones are young, a part of every limit is missed, and each
act lies on a working day after the one before it. Titles begin with 【合成】, so that no row is taken for a real one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.models import Department, RoleGrant, User
from catalog.models import GuideRevision, Hall, ServiceItem, Window
from catalog.services import current_revision
from core import clock, workdays
from issues import clocks
from issues.choices import Cause, IssueSeverity, IssueStatus, Outcome, RejectReason, Source, SuspendCause
from issues.models import IssueCategory
from issues.services.bulk_history import Batch, Cast, History

MARK = "【合成】"
"""Begins every title of a synthetic issue."""
FICTION = "（示例）"
"""Stands in the name of every person of the demo; people without it are real."""

TEXT = "合成数据，只用于测量，不是真实问题。"
MEASURE = "合成数据：整改措施略。"
EVIDENCE = "合成数据，没有真实的佐证材料。"
BASIS = "合成数据，不指任何真实规定。"
AT_ONCE = 1000
YEARS = 4
LAST_DAYS = 7
"""Look-backs that fell due within the last days still wait; the older ones were made."""

STATES = {
    IssueStatus.CLOSED: 840,
    IssueStatus.RECTIFYING: 50,
    IssueStatus.REJECTED: 30,
    IssueStatus.AWAITING_VERIFICATION: 20,
    IssueStatus.MERGED: 20,
    IssueStatus.REGISTERED: 15,
    IssueStatus.ASSIGNED: 15,
    IssueStatus.SUSPENDED: 10,
}
"""Of a thousand issues, how many stand where."""
OUTCOMES = {Outcome.SOLVED: 88, Outcome.PARTLY: 7, Outcome.EXPLAINED: 3, Outcome.OTHER_LEVEL: 2}
SEVERITIES = {IssueSeverity.NORMAL: 80, IssueSeverity.SERIOUS: 17, IssueSeverity.SEVERE: 3}
SOURCES = [Source.CROSS_SESSION, Source.SITTING, Source.FEEDBACK, Source.INSPECTION, Source.HOTLINE, Source.MEETING]
"""Citizens' reports are left out: they carry a limit for the first contact."""

REACHED = {
    IssueStatus.ASSIGNED: 1,
    IssueStatus.RECTIFYING: 2,
    IssueStatus.SUSPENDED: 2,
    IssueStatus.AWAITING_VERIFICATION: 3,
    IssueStatus.CLOSED: 4,
}
FINISHED = {IssueStatus.CLOSED, IssueStatus.REJECTED, IssueStatus.MERGED}
LONGEST_REST = 40


@dataclass(frozen=True, slots=True)
class District:
    """What the demo offers as scene and cast."""

    cast: Cast
    windows: Sequence[Window]
    items: dict[int, list[ServiceItem]]
    revisions: dict[int, GuideRevision]
    leads: Sequence[Department]
    finders: Sequence[User]
    categories: Sequence[IssueCategory]
    days: Sequence[date]


def read_district() -> District:
    """The loaded demo. Raises ValidationError in one line when it is not there, or when real people work here."""
    _check_fictitious()
    officers = list(User.objects.filter(role_grants__role=Role.REFORM_OFFICE).distinct().order_by("pk"))
    found = RoleGrant.objects.filter(role=Role.LIAISON, department__isnull=False).order_by("-pk")
    grants = found.select_related("user__department")
    liaisons = {grant.department_id: grant.user for grant in grants if grant.department_id is not None}
    offices = {officer.department_id for officer in officers}
    leads = [row for row in Department.objects.order_by("pk") if row.pk in liaisons and row.pk not in offices]
    windows = list(Window.objects.filter(is_desk=True, active=True, department__in=leads).order_by("pk"))
    items: dict[int, list[ServiceItem]] = {}
    for item in ServiceItem.objects.filter(department__in=leads).select_related("department").order_by("pk"):
        items.setdefault(item.department_id, []).append(item)
    finders = User.objects.filter(postings__ends_on__isnull=True, postings__takes_part=True, department__isnull=False)
    categories = list(IssueCategory.objects.order_by("pk"))
    windows = [window for window in windows if window.department_id in items]
    people = list(finders.select_related("department").distinct().order_by("pk"))
    if len(officers) < 2 or len(leads) < 2 or not (windows and people and categories):
        raise ValidationError(_("The demo district is not loaded here: run manage.py load_demo first."))
    halls = {hall.pk: hall for hall in Hall.objects.all()}
    cast = Cast(
        officers[0], officers[1], liaisons, clocks.current_rule(),
        {pk: clocks.calendar_of(hall) for pk, hall in halls.items()},
    )  # fmt: skip
    revisions = {item.pk: current_revision(item) for rows in items.values() for item in rows}
    return District(cast, windows, items, revisions, leads, people, categories, _working_days())


def _check_fictitious() -> None:
    real = User.objects.exclude(display_name__contains=FICTION).order_by("pk").first()
    if real is not None:
        facts = {"name": real.display_name or real.username}
        raise ValidationError(_("Real people work here (%(name)s): synthetic issues belong into a demo only.") % facts)


def _working_days() -> list[date]:
    """The working days of the last years up to yesterday."""
    calendar, today = workdays.load(), clock.today()
    days = (today - timedelta(days=back) for back in range(YEARS * 365, 0, -1))
    return [day for day in days if calendar.is_workday(day)]


def fill(count: int, seed: int, say: Callable[[int], None]) -> None:
    """Write `count` synthetic issues with their histories, a thousand in a transaction; `say` how many are there."""
    draw, done = Random(seed), 0  # noqa: S311 - rows for measurements, no secrets
    district = read_district()
    while done < count:
        size = min(AT_ONCE, count - done)
        with transaction.atomic():
            write_batch(district, draw, _states(draw, size))
        done += size
        say(done)


def _states(draw: Random, size: int) -> list[IssueStatus]:
    return draw.choices(list(STATES), list(STATES.values()), k=size)


def write_batch(district: District, draw: Random, states: Sequence[IssueStatus]) -> None:
    """One issue for each of `states`, in the caller's transaction. The first one is never merged: into what?"""
    batch = Batch(district.cast)
    into: History | None = None
    for status in states:
        wanted = IssueStatus.CLOSED if status == IssueStatus.MERGED and into is None else status
        history = _history(batch, district, draw, wanted, into)
        into = history if history.counted else into
    batch.save()


def _history(batch: Batch, district: District, draw: Random, status: IssueStatus, into: History | None) -> History:
    days = draw.choice([3, 5, 10, 15, 30])
    moments = _moments(district, draw, status, days)
    window = draw.choice(district.windows)
    holder = draw.choice([row for row in district.leads if row.pk != window.department_id])
    history = History(batch, next(moments), draw.choice(district.finders), [holder], **_scene(district, draw, window))
    if status == IssueStatus.REJECTED:
        history.reject(next(moments), draw.choice(list(RejectReason)), TEXT)
    elif status == IssueStatus.MERGED and into is not None:
        history.merge(next(moments), into.issue)
    elif status in REACHED:
        history.assign(next(moments), holder, days)
        _go_on(history, district, draw, moments, status)
    return history


def _scene(district: District, draw: Random, window: Window) -> dict[str, Any]:
    item = draw.choice(district.items[window.department_id or 0])
    category = draw.choice(district.categories)
    return {
        "title": f"{MARK}{item.name[:150]}：{category.name}",
        "description": TEXT,
        "hall_id": window.hall_id,
        "window": window,
        "item": item,
        "guide_revision": district.revisions[item.pk],
        "category": category,
        "cause": draw.choice(["", *Cause.values]),
        "severity": _one_of(draw, SEVERITIES),
        "source": draw.choice(SOURCES),
        "needing_department_id": window.department_id,
    }


def _one_of(draw: Random, weights: dict[Any, int]) -> Any:
    return draw.choices(list(weights), list(weights.values()))[0]


def _go_on(
    history: History, district: District, draw: Random, moments: Iterator[datetime], status: IssueStatus
) -> None:
    """From the assignment to where the issue stands."""
    steps = REACHED[status]
    if steps >= 2:
        history.acknowledge(next(moments))
    if status == IssueStatus.SUSPENDED:
        review = history.cast.due_on(history.issue.hall_id, clock.today(), draw.randint(5, 60))
        history.suspend(next(moments), draw.choice(SuspendCause.values), review)
    if steps >= 3:
        outcome = _one_of(draw, OUTCOMES)
        basis = BASIS if outcome == Outcome.EXPLAINED else ""
        history.submit_rectification(next(moments), MEASURE, outcome, basis, EVIDENCE)
    if steps >= 4:
        history.close_out(next(moments), next(moments), TEXT)
        _look_back(history, district, draw)


def _look_back(history: History, district: District, draw: Random) -> None:
    calendar = history.cast.calendars[history.issue.hall_id]
    for row in history.look_backs:
        if row.due_on < clock.today() - timedelta(days=LAST_DAYS):
            day = calendar.next_workday(row.due_on)
            history.look_back(row, _moment(draw, min(day, district.days[-1]), 10), TEXT)


def _moments(district: District, draw: Random, status: IssueStatus, days: int) -> Iterator[datetime]:
    """The moments of the acts in their order, on working days; the last one lies as far back as its state may rest."""
    gaps, hours = [0, draw.randint(0, 2)], [9, 11]
    steps = REACHED.get(status, 0)
    if steps >= 2:
        gaps, hours = [*gaps, draw.choice([0, 1, 1, 1, 2, 3])], [*hours, 13]
    if status == IssueStatus.SUSPENDED:
        gaps, hours = [*gaps, draw.randint(0, days)], [*hours, 14]
    if steps >= 3:
        gaps, hours = [*gaps, round(draw.triangular(0, days * 1.4, days * 0.8))], [*hours, 14]
    if steps >= 4:
        gaps, hours = [*gaps, draw.randint(1, 6), 0], [*hours, 15, 16]
    if status == IssueStatus.REGISTERED:
        gaps, hours = gaps[:1], hours[:1]
    total, last = sum(gaps), len(district.days) - 1
    rests = {IssueStatus.RECTIFYING: days + 2, IssueStatus.SUSPENDED: LONGEST_REST}
    end = draw.randint(total, last) if status in FINISHED else last - draw.randint(0, rests.get(status, 2))
    place = end - total
    for gap, hour in zip(gaps, hours, strict=True):
        place += gap
        yield _moment(draw, district.days[place], hour)


def _moment(draw: Random, day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, draw.randint(0, 59), draw.randint(0, 59))))
