"""What a page of the register shows: rows with picture, seam, light and notice; tabs with counts; chosen conditions."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page
from django.db.models import CharField, Count, F, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Cast, Concat
from django.http import QueryDict
from django.urls import reverse

from accounts.models import User
from core import clock, workdays
from core.workdays import Calendar
from issues import counting, due, lights
from issues.choices import OPEN, IssueStatus
from issues.counting import CountedPaginator, bounded_counts
from issues.evidence_querysets import openable_by
from issues.filters import DAYS, SORTS, TABS, IssueFilter, read_choices, usable
from issues.models import Issue, Screenshot, SupervisionNotice

PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class Thumb:
    """A row's picture as the thumb component draws it; no address when this reader may not open it."""

    thumbnail_url: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One issue of the register."""

    issue: Any
    thumb: Thumb | None
    shots: int
    light: lights.Light
    notice: tuple[str, int] | None
    seam_url: str


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    label: Any
    count: int
    url: str
    current: bool

    @property
    def beyond(self) -> bool:
        return counting.beyond(self.count)


@dataclass(frozen=True, slots=True)
class Chip:
    label: Any
    value: Any
    remove_url: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """Everything the register's template draws."""

    tabs: list[Tab]
    state: str
    sort: str
    form: Any
    ignored: list[str]
    chips: list[Chip]
    page: Page[Any]
    rows: list[Row]
    counts: dict[str, int]
    more_open: bool


def build(user: User, data: QueryDict) -> ListPage:
    """Page, tabs and counts for this reader. Conditions that cannot be read are left out and named in `ignored`."""
    today, calendar = clock.today(), workdays.load()
    visible = Issue.objects.visible_to(user)
    states = {name: rows for name, _label, rows in TABS} | {name: [name] for name in IssueStatus.values}
    state = data.get("state") or "open"
    ignored = [] if state in states else ["state"]
    state = state if state in states else "open"
    found, bad = _filtered(user, data, _in_states(visible, states[state]), calendar)
    counts = _counts(user, visible, found, calendar, states[state])
    sort, unknown = _sort(data)
    pages = CountedPaginator(_ordered(found, sort, counts["all_lights"], states[state]), PER_PAGE, counts["total"])
    page = pages.get_page(data.get("page"))
    page.object_list = with_row(list(page.object_list), user)
    return ListPage(
        tabs=_tabs(data, counts, state),
        state=state,
        sort=sort,
        form=found.form,
        ignored=[*ignored, *bad, *unknown],
        chips=_chips(found.form, data),
        page=page,
        rows=[row(issue, calendar, today) for issue in page.object_list],
        counts=counts,
        more_open=any(data.get(name) for name in MORE),
    )


MAIN = ("q", "lead", "need", "hold", "category", "severity", "light")
# The selects behind "More conditions".
MORE = ("source", "hall", "window", "outcome", "round", "own", "waiting", "clock", "met", *DAYS)


def _in_states(rows: QuerySet[Issue], states: list[str] | None) -> QuerySet[Issue]:
    return rows if states is None else rows.filter(status__in=states)


def _filtered(user: User, data: QueryDict, rows: QuerySet[Issue], calendar: Calendar) -> tuple[IssueFilter, list[str]]:
    known: dict[str, Any] = {"user": user, "choices": read_choices(), "today": clock.today(), "calendar": calendar}
    found = IssueFilter(data, rows, **known)
    bad = list(found.form.errors)
    if bad:
        found = IssueFilter(usable(data, bad), rows, **known)
    return found, bad


def _counts(
    user: User, visible: QuerySet[Issue], found: IssueFilter, calendar: Calendar, states: list[str] | None
) -> dict[str, int]:
    """Tabs, lights and the total. `all_lights` is the total that the list would have without its chosen light."""
    figures = {name: _in_states(visible, states) for name, _label, states in TABS}
    counts = bounded_counts(user, {**figures, "all_lights": found.qs})
    limits = {"red": due.red_limits(found.today), "yellow": due.yellow_limits(found.today, calendar)}
    if not _may_run(states):
        # On a long register it takes long to find none.
        limits = {name: rows.none() for name, rows in limits.items()}
    counts |= due.light_counts(user, found.qs, counts["all_lights"], limits)
    chosen = found.form.cleaned_data.get("light")
    if not chosen:
        return counts | {"total": counts["all_lights"]}
    shown = {name: counts[name] if chosen in (name, "late") else 0 for name in limits}
    return counts | shown | {"total": sum(shown.values())}


def _sort(data: QueryDict) -> tuple[str, list[str]]:
    wanted = data.get("sort") or ("due" if data.get("light") else "-registered")
    known = wanted.removeprefix("-") in SORTS
    return (wanted, []) if known else ("-registered", ["sort"])


def _ordered(found: IssueFilter, sort: str, among: int, states: list[str] | None) -> Any:
    """The keys of the found rows in the order asked for, to be cut into pages; `among` so many rows of any light."""
    rows = found.qs if found.limits is None else found.qs.filter(due.having(found.limits))
    if sort.removeprefix("-") != "due" or not counting.beyond(among):
        return _sorted(rows, sort).values_list("pk", flat=True)
    if not _may_run(states):
        return rows.order_by("-pk" if sort.startswith("-") else "pk").values_list("pk", flat=True)
    keys = _sorted(rows, sort).values_list("pk", flat=True)
    limits = due.running() if found.limits is None else found.limits
    return due.ByDueDate(found.qs, limits, keys, latest=sort.startswith("-"))


def _may_run(states: list[str] | None) -> bool:
    """Whether an issue of these states may have a running limit: what is settled has none."""
    return states is None or bool(set(states) & set(OPEN))


def _sorted(rows: QuerySet[Issue], sort: str) -> QuerySet[Issue]:
    name = SORTS[sort.removeprefix("-")]
    if name == "due":
        running = due.running().filter(issue=OuterRef("pk")).order_by("due_on")
        rows = rows.alias(due=Subquery(running.values("due_on")[:1]))
    if sort.startswith("-"):
        return rows.order_by(F(name).desc(nulls_last=name == "due" or None), "-pk")
    return rows.order_by(F(name).asc(nulls_last=name == "due" or None), "pk")


def with_row(keys: list[int], user: User) -> list[Any]:
    """The rows of one page, in the order of their keys, with all they show: three queries whatever their number."""
    running = due.running().select_related("rule")
    rows = with_facts(Issue.objects.filter(pk__in=keys), user)
    found = rows.prefetch_related("holding_departments", Prefetch("clocks", running)).in_bulk()
    return [found[key] for key in keys if key in found]


def with_facts(rows: QuerySet[Issue], user: User) -> QuerySet[Any]:
    """What a row shows beside its holding departments and running limits, in the query of the rows."""
    pictures = Screenshot.objects.filter(issue=OuterRef("pk")).order_by()
    shots = pictures.values("issue").annotate(n=Count("pk")).values("n")
    opened = pictures.filter(openable_by(user)).order_by("number", "pk").values("pk")[:1]
    notices = SupervisionNotice.objects.filter(issue=OuterRef("pk")).order_by("-number")
    flag = Concat("colour", Cast("number", CharField()), output_field=CharField())
    return rows.select_related("item", "window", "hall", "category", "lead_department", "needing_department").annotate(
        shots=Subquery(shots), thumb=Subquery(opened), flag=Subquery(notices.annotate(flag=flag).values("flag")[:1])
    )


def row(issue: Any, calendar: Calendar, today: date) -> Row:
    """An issue from `with_row` as the register draws it."""
    address = reverse("issues:screenshot_thumb", args=[issue.thumb]) if issue.thumb else ""
    return Row(
        issue=issue,
        thumb=Thumb(address) if issue.shots else None,
        shots=issue.shots or 0,
        light=lights.issue_light(issue, calendar, today),
        notice=_notice(issue.flag),
        seam_url=seam_url(issue),
    )


def _notice(flag: str | None) -> tuple[str, int] | None:
    if not flag:
        return None
    colour = flag.rstrip("0123456789")
    return colour, int(flag[len(colour) :])


def seam_url(issue: Issue) -> str:
    """The register narrowed to this pair of departments; nothing for one department alone."""
    holders = list(issue.holding_departments.all())
    if not issue.needing_department_id or not holders:
        return ""
    address = reverse("issues:issue_list")
    return f"{address}?state=all&need={issue.needing_department_id}&hold={holders[0].pk}"


def _tabs(data: QueryDict, counts: dict[str, int], state: str) -> list[Tab]:
    tabs = []
    for name, label, _states in TABS:
        query = usable(data, ["page", "state"])
        query["state"] = name
        tabs.append(Tab(name, label, counts[name], f"?{query.urlencode()}", name == state))
    return tabs


def _chips(form: Any, data: QueryDict) -> list[Chip]:
    chips = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name) if form.is_valid() else None
        if value in (None, ""):
            continue
        shown = dict(getattr(field, "choices", [])).get(str(value), value)
        chips.append(Chip(field.label, shown, f"?{usable(data, [name, 'page']).urlencode()}"))
    return chips
