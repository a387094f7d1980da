"""Reads over several tables of sessions: which items may be walked, what the ratings say."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from catalog.models import ServiceItem
from sessions.choices import ENDED, CaseSource, Purpose
from sessions.models import Feedback, FeedbackQuestion, HandledCase, Programme, StepRun, WindowSession

FOUR_RATINGS = ("Q08", "Q09", "Q10", "Q11")


def items_to_walk(window_session: WindowSession) -> QuerySet[ServiceItem]:
    """The items that may be walked in this session, those of its own window and host department first.

    The programme's handling list; without one, what this window accepts or its departments answer for. A re-walk
    takes the item that its issue names; without one, any published item.
    """
    window, host = window_session.window, window_session.host_department_id
    here = Q(window=window) | Q(department=host) if host else Q(window=window) | Q(department__in=window.serves.all())
    items = ServiceItem.objects.published()
    if window_session.item_id:
        items = ServiceItem.objects.filter(pk=window_session.item_id)
    elif window_session.purpose != Purpose.VERIFICATION:
        listed = window_session.programme.handling_list.values("pk")
        items = items.filter(pk__in=listed) if listed.exists() else items.filter(here)
    near = Case(
        When(window=window, then=Value(0)),
        When(department_id=host or 0, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    ordered: QuerySet[ServiceItem] = items.annotate(near=near).order_by("near", "code")
    return ordered


def listed_on(day: date) -> QuerySet[Any]:
    """Keys of the items on the handling list of some programme that runs on this day, for the catalogue's order."""
    running = Programme.objects.filter(starts_on__lte=day, ends_on__gte=day, handling_list__isnull=False)
    return running.order_by().values_list("handling_list", flat=True).distinct()


@dataclass(frozen=True, slots=True)
class Walks:
    """Closed walks of an item. `days` is the mean of the working days noted, over `known` walks with citizens."""

    real: int
    simulated: int
    known: int
    days: Decimal | None
    minutes: int | None


def walks_of(item: ServiceItem) -> Walks:
    """What walks of an item took; simulated, abandoned and verification walks never enter the means. One query."""
    abandoned = StepRun.objects.filter(case=OuterRef("pk"), result="")
    closed = HandledCase.objects.filter(~Exists(abandoned), item=item, ended_at__isnull=False, purpose=Purpose.WALK)
    real = Q(source=CaseSource.DRAWN)
    found = closed.aggregate(
        real=Count("pk", filter=real),
        simulated=Count("pk", filter=~real),
        known=Count("working_days", filter=real),
        days=Avg("working_days", filter=real),
        minutes=Avg("waiting_minutes", filter=real),
    )
    days, minutes = found["days"], found["minutes"]
    return Walks(
        found["real"],
        found["simulated"],
        found["known"],
        None if days is None else Decimal(days).quantize(Decimal("0.1")),
        None if minutes is None else round(minutes),
    )


def search_items(items: QuerySet[ServiceItem], words: str) -> QuerySet[ServiceItem]:
    """Items whose name, code or pinyin initials hold every one of the words."""
    for word in words.split():
        items = items.filter(Q(name__icontains=word) | Q(code__icontains=word) | Q(initials__icontains=word.lower()))
    return items


@dataclass(frozen=True, slots=True)
class RatingMean:
    """One rating: its mean over those who answered (None when nobody did), answered ÷ asked."""

    code: str
    text: str
    mean: float | None
    answered: int
    asked: int


@dataclass(frozen=True, slots=True)
class RatingsSummary:
    """The four ratings, walks with citizens apart from simulated ones."""

    real: list[RatingMean]
    simulated: list[RatingMean]


def ratings_summary(window_sessions: QuerySet[WindowSession]) -> RatingsSummary:
    """Mean, answered and asked of the four ratings (Q08 to Q11) over these sessions, in three queries.

    Asked are all sessions that have finished, answered those whose handed-in form holds the rating: a form not handed
    in lowers the response rate and is never counted as any value. One rating speaks of the whole session, so a session
    with at least one simulated case counts as simulated and never enters the real means.
    """
    finished = window_sessions.filter(status__in=ENDED)
    simulated_case = HandledCase.objects.filter(window_session=OuterRef("pk"), source=CaseSource.SIMULATED)
    kinds = dict(finished.order_by().annotate(simulated=Exists(simulated_case)).values_list("pk", "simulated"))
    handed_in = Feedback.objects.filter(window_session_id__in=list(kinds), submitted_at__isnull=False)
    answers = list(handed_in.values_list("window_session_id", "answers"))
    questions = FeedbackQuestion.objects.filter(code__in=FOUR_RATINGS).order_by("template__version")
    texts = {question.code: question.label for question in questions}
    groups: dict[bool, list[RatingMean]] = {}
    for kind in (False, True):
        asked = sum(simulated is kind for simulated in kinds.values())
        given = [answer for pk, answer in answers if kinds[pk] is kind]
        groups[kind] = [_mean(code, texts.get(code, code), given, asked) for code in FOUR_RATINGS]
    return RatingsSummary(real=groups[False], simulated=groups[True])


def _mean(code: str, text: str, answers: list[dict[str, object]], asked: int) -> RatingMean:
    values = [value for answer in answers if isinstance(value := answer.get(code), int)]
    return RatingMean(code, text, sum(values) / len(values) if values else None, len(values), asked)
