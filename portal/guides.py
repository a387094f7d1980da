"""What citizens read of the catalogue: a guide with its documents and places, a window with what it accepts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from catalog.choices import DocumentForm, DocumentSource, Necessity, Relation, WindowKind
from catalog.models import Hall, HallClosure, Prerequisite, RequiredDocument, ServiceItem, Window
from core import clock
from core.forms import TextField
from portal.rosters import latest, with_state
from sessions.rosters import Line, by_day, lines_of
from sessions.weeks import Week

CLOSURES_AHEAD = timedelta(days=30)


class GuideSearch(forms.Form):
    """The one field of the search page; what cannot be read counts as nothing typed."""

    q = TextField(label=_("What do you want to do"), required=False, max_length=100)

    @property
    def words(self) -> str:
        """What is searched for."""
        return str(self.cleaned_data.get("q", "")) if self.is_valid() else ""


@dataclass(frozen=True, slots=True)
class Guide:
    """One item as its page shows it."""

    item: ServiceItem
    steps: list[Any]
    bring: list[RequiredDocument]
    spared: list[RequiredDocument]
    also_at: list[Window]
    closures: list[HallClosure]
    first: list[ServiceItem]
    """Published items that have to be done before this one."""

    @property
    def held(self) -> bool:
        """The office could fetch at least one of the documents itself."""
        return any(row.shareable for row in self.bring)

    @property
    def later(self) -> bool:
        """Something may be handed in after the acceptance (容缺受理)."""
        return any(row.necessity == Necessity.LATER for row in self.bring)

    @property
    def pickup_apart(self) -> bool:
        """The result is handed out at another window than the one that accepts."""
        return bool(self.item.pickup_window_id) and self.item.pickup_window_id != self.item.window_id


def guide(code: str) -> Guide:
    """The published guide of an item code. Raises Http404 for any other code."""
    rows = ServiceItem.objects.published().select_related("department", "window__hall", "pickup_window__hall")
    item = rows.filter(code=code).first()
    if item is None:
        raise Http404
    documents = list(item.documents.select_related("source_department").order_by("number"))
    halls = {window.hall_id for window in (item.window, item.pickup_window) if window}
    return Guide(
        item,
        list(item.steps.select_related("window__hall").order_by("number")),
        [row for row in documents if not _spared(row)],
        [row for row in documents if _spared(row)],
        _also_at(item),
        closures(halls),
        _first(item),
    )


def _first(item: ServiceItem) -> list[ServiceItem]:
    wanted = Prerequisite.objects.filter(item=item, relation=Relation.BEFORE).values("related")
    return list(ServiceItem.objects.published().filter(pk__in=wanted).order_by("code"))


def _spared(document: RequiredDocument) -> bool:
    """The applicant hands in nothing: it is not asked for, or the system fetches it."""
    return document.form == DocumentForm.NOT_SUBMITTED or document.source_kind == DocumentSource.SYSTEM


def _also_at(item: ServiceItem) -> list[Window]:
    """One integrated window in each other hall that serves the item's department, by distance from the main hall."""
    if not item.in_comprehensive:
        return []
    rows = Window.objects.filter(kind=WindowKind.INTEGRATED, active=True, serves=item.department_id)
    if item.window:
        rows = rows.exclude(hall=item.window.hall_id)
    found: dict[int, Window] = {}
    for window in rows.select_related("hall").order_by("hall__km_from_main", "hall__code", "number"):
        found.setdefault(window.hall_id, window)
    return list(found.values())


def closures(halls: Iterable[int]) -> list[HallClosure]:
    """The days of the next month on which these halls are closed."""
    today = clock.today()
    rows = HallClosure.objects.filter(hall__in=list(halls), date__range=(today, today + CLOSURES_AHEAD))
    return list(rows.select_related("hall").order_by("date", "half"))


def accepted_at(window: Window) -> list[ServiceItem]:
    """Published items that this window accepts or hands out. An integrated one also takes its departments' items."""
    here = Q(window=window) | Q(pickup_window=window)
    if window.kind == WindowKind.INTEGRATED:
        here |= Q(in_comprehensive=True, department__in=window.serves.all())
    return list(ServiceItem.objects.published().filter(here).select_related("department").order_by("code"))


def sitting_at(window: Window) -> list[tuple[Any, list[Line]]]:
    """Who sits at the window this week, by day, as the latest release says."""
    release = latest(window.hall, Week.of(clock.today()))
    lines = [line for line in lines_of(release) if line.window == window.number] if release else []
    return by_day(with_state(lines))


def busy_windows(hall: Hall) -> list[Window]:
    """The windows of a hall that are in use."""
    return list(Window.objects.filter(hall=hall, active=True).select_related("zone", "department"))
