"""One message a person and working morning: what waits, counted by the queries of the page of today.

Nobody gets an empty one. It is written once a day, in one transaction: a worker that dies on the way begins again,
and a second worker finds it done.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from accounts.staff import Staff
from catalog.hours import at_work
from core import clock, workdays
from core.doors import Text
from core.models import JobRun, Notice
from core.notice_kinds import EVERYBODY, GROUP, INBOX, MAIL
from core.notices import link
from core.outbox_services import Letter, post
from core.rule_models import Rules
from issues.choices import OPEN, IssueStatus
from issues.models import Clock, Issue
from issues.waiting import waiting_for
from reports import today
from sessions.choices import SessionStatus
from sessions.models import WindowSession

NOON = time(12)
NOT_ASKED = {"finds", "others"}
"""Groups of the page of today in which nothing is asked of the person."""

WAITS = gettext_noop("%(n)s matters wait for you today")
WAITS_LATE = gettext_noop("%(n)s matters wait for you today, %(late)s of them overdue")
TALLY = "digest"


@dataclass(frozen=True, slots=True)
class Digest:
    """What waits for one person, by kind; `late` are the issues whose date has passed."""

    lines: list[tuple[Text, int]]
    late: int

    @property
    def total(self) -> int:
        return sum(count for _label, count in self.lines)

    @property
    def msgid(self) -> str:
        return WAITS_LATE if self.late else WAITS

    @property
    def params(self) -> dict[str, str | int]:
        return {"n": self.total, "late": self.late}


def send_morning() -> None:
    """The periodic job: in the morning hours of a working day, once."""
    now = clock.now()
    if localtime(now).time() >= NOON or not at_work(now):
        return
    day = clock.today()
    if JobRun.objects.filter(job=TALLY, period=f"{day}").exists():
        return
    rules = Rules.load()
    with translation.override(settings.LANGUAGE_CODE):
        written = [(user, found) for user in _readers(rules) if (found := compose(user, day)).total]
        figures = _figures(rules, day)
        _write(rules, day, written, figures)


def _readers(rules: Rules) -> list[User]:
    """Everybody with a role that gets the digest through any channel."""
    people = {user.pk: user for users in Staff.load().people.values() for user in users}
    return [user for user in people.values() if any(rules.on_for(TALLY, user.grants.roles, ch) for ch in (INBOX, MAIL))]


def compose(user: User, day: date) -> Digest:
    """Count what waits for this person on `day`."""
    page = today.build(user)
    lines: list[tuple[Text, int]] = [(tile.label, tile.count) for tile in page.tiles if tile.name not in NOT_ASKED]
    next_day = workdays.load(day, day + timedelta(days=30)).next_workday(day + timedelta(days=1))
    tomorrow = [row for row in page.coming if row.date == next_day]
    lines += [(_("Own sittings today"), len(page.cards)), (_("Own sittings on the next working day"), len(tomorrow))]
    lines.append((_("Weeks whose list has not gone out"), len(page.unpublished)))
    return Digest([line for line in lines if line[1]], _late(user, day))


def _late(user: User, day: date) -> int:
    """Issues that wait for this person and whose date has passed."""
    visible = Issue.objects.visible_to(user)
    late = Q(pk__in=[])
    for kind in waiting_for(user, day):
        if kind.name not in NOT_ASKED:
            rows = visible.filter(kind.condition).alias(due=kind.due).filter(due__lt=day)
            late |= Q(pk__in=rows.order_by().values("pk"))
    return Issue.objects.filter(late).count()


def _write(rules: Rules, day: date, written: list[tuple[User, Digest]], figures: Letter | None) -> None:
    inbox = [pair for pair in written if rules.on_for(TALLY, pair[0].grants.roles, INBOX)]
    mail = [pair for pair in written if rules.on_for(TALLY, pair[0].grants.roles, MAIL) and pair[0].email]
    try:
        with transaction.atomic():
            JobRun.objects.create(job=TALLY, period=f"{day}")
            Notice.objects.bulk_create(_notice(user, found, day) for user, found in inbox)
            post([*_letters(mail, day), *([figures] if figures else [])])
    except IntegrityError:  # another worker wrote it a moment ago
        return


def _notice(user: User, found: Digest, day: date) -> Notice:
    facts = {"kind": TALLY, "msgid": found.msgid, "params": found.params, "url": reverse("home")}
    return Notice(recipient=user, once_key=f"{TALLY}:{day}", created_at=clock.now(), **facts)


def _letters(written: list[tuple[User, Digest]], day: date) -> Iterable[Letter]:
    end = _("Sign in to see what it is: %(url)s") % {"url": link(reverse("home"))}
    for user, found in written:
        if user.wants_mail:
            body = "\n".join([*_counted(found.lines), "", end, _("No more mail: see My account.")])
            yield Letter(f"{TALLY}:{user.pk}:{day}", TALLY, _(found.msgid) % found.params, body, user.pk)


def _counted(lines: list[tuple[Text, int]]) -> list[str]:
    return [_("%(what)s: %(n)s") % {"what": label, "n": count} for label, count in lines]


def _figures(rules: Rules, day: date) -> Letter | None:
    """The morning's counts for the group chat, where one is set up and somebody turned it on."""
    if not (settings.NOTIFY_URLS and rules.on("figures", EVERYBODY, GROUP)):
        return None
    late = Clock.objects.filter(stopped_at__isnull=True, paused_at__isnull=True, due_on__lt=day, issue__status__in=OPEN)
    sitting = WindowSession.objects.filter(date=day, announced=True)
    lines: list[tuple[Text, int]] = [
        (_("Overdue issues"), late.values("issue").distinct().count()),
        (_("Issues to verify"), Issue.objects.filter(status=IssueStatus.AWAITING_VERIFICATION).count()),
        (_("Sittings today"), sitting.filter(status__in=[SessionStatus.PUBLISHED, SessionStatus.IN_PROGRESS]).count()),
    ]
    body = "\n".join([*_counted(lines), link(reverse("home"))])
    return Letter(f"figures:{day}", "figures", _("Walk-throughs this morning"), body)
