"""Asking departments for the names they owe, asking again, and what a department names."""

from collections.abc import Collection
from datetime import datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.choices import Rank, Role
from accounts.models import Posting, User
from core import clock
from core.doors import StaleVersion, lock, require
from core.models import Notice
from core.notices import notify
from core.words import short_date
from sessions import names, planning
from sessions.models import Programme, WindowSession
from sessions.permissions import may
from sessions.services.placing import administrators, confirm_for, exchange
from sessions.weeks import Week

KIND = "session.ask_names"


@transaction.atomic
def ask_names(programme: Programme, week: Week, actor: User, department_ids: Collection[int] | None = None) -> int:
    """Ask the departments that owe names for a week, or only these, to confirm or to name who comes.

    Liaisons and principals get one notice a day at most, however often somebody asks; gives how many departments
    were told now. Raises PermissionDenied for those who do not plan there.
    """
    lock(programme)
    require(may(actor, "place", programme))
    plan = planning.load(programme.pk, week.monday, week.sunday)
    url = _address(programme, week)
    told_today = _told_today(url)
    asked = 0
    for one in names.owed(plan, week):
        people = [user for user in _people(one.department_id) if user.pk not in told_today]
        if people and (department_ids is None or one.department_id in department_ids):
            asked += 1
            notify(
                people,
                kind=KIND,
                title=gettext_noop("Please settle by %(day)s who sits in week %(week)s"),
                url=url,
                text=one.words,
                params={"day": f"{one.due_on:%Y-%m-%d}", "week": week.number},
            )
    return asked


@transaction.atomic
def nominate(
    window_session: WindowSession, director: User, reason: str, actor: User, *, version: int | None = None
) -> WindowSession:
    """The department says which of its leaders comes to a sitting that is still a draft; the hall is told.

    The rules judge the person named: rank, leave, own department. Raises like `place`, and ValidationError for
    somebody who does not lead this department or takes no part.
    """
    require(may(actor, "nominate", window_session))
    own = planning.taking_part(window_session.programme, window_session.date)
    if not own.filter(user=director, department=window_session.home_department_id).exists():
        raise ValidationError({"director": _("Please name somebody who leads your department.")})
    row = exchange(window_session, "nominate", director, reason, actor, version=version)
    notify(
        administrators(row.window.hall),
        kind="session",
        title=gettext_noop("%(department)s names %(who)s for %(window)s on %(day)s"),
        url=reverse("window_sessions:session_detail", args=[row.pk]),
        text=reason,
        params={
            "department": row.home_department.short_name if row.home_department else "",
            "who": director.display_name,
            "window": row.window.number,
            "day": f"{row.date:%Y-%m-%d}",
        },
    )
    return row


@transaction.atomic
def confirm_names(
    programme: Programme,
    week: Week,
    reason: str,
    actor: User,
    department_ids: Collection[int] | None = None,
    *,
    version: int | None = None,
) -> int:
    """Note a department's answer, or all of them: whoever is placed in this week comes; how many they were.

    `reason` says how the answer came, `version` (of `names.version_of`) which list was read. All or none: raises
    StaleVersion when the list is another one by now, PermissionDenied, ValidationError and WrongState.
    """
    lock(programme)
    require(may(actor, "place", programme))
    plan = planning.load(programme.pk, week.monday, week.sunday)
    rows = names.drafts(plan, week, department_ids)
    if version is not None and version != names.version_of(rows):
        people = _(", ").join(f"{short_date(row.date, row.half)} {row.director.display_name}" for row in rows)
        text = _("Somebody was placed, moved or confirmed since you opened this list. Please read it again.")
        raise StaleVersion(text, current={_("Names not confirmed"): people})
    for row in rows:
        confirm_for(row, reason, actor)
    return len(rows)


def last_asked(programme: Programme, week: Week) -> dict[int, datetime]:
    """When each department was last asked for the names of this week, by its key (one query)."""
    told = Notice.objects.filter(kind=KIND, url=_address(programme, week), recipient__department__isnull=False)
    rows = told.order_by().values_list("recipient__department").annotate(last=Max("created_at"))
    return dict(rows)


def _address(programme: Programme, week: Week) -> str:
    return f"{reverse('window_sessions:session_list')}?tab=draft&week={week.key}&programme={programme.pk}"


def _told_today(url: str) -> set[int]:
    midnight = timezone.make_aware(datetime.combine(clock.today(), time()))
    return set(
        Notice.objects.filter(kind=KIND, url=url, created_at__gte=midnight).values_list("recipient_id", flat=True)
    )


def _people(department_id: int) -> list[User]:
    """The department's liaisons and its principal."""
    liaisons = User.objects.filter(role_grants__role=Role.LIAISON, role_grants__department_id=department_id)
    leads = Posting.objects.current(clock.today()).filter(department_id=department_id, rank=Rank.PRINCIPAL)
    return list(liaisons.distinct()) + [one.user for one in leads.select_related("user")]
