"""What follows when a database comes back from a backup: nobody is signed in, and nothing is said twice."""

from django.contrib.sessions.models import Session
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from core import clock
from core.job_services import READY, RUNNING
from core.models import JobRun, NoticeRule
from core.outbox_services import withhold_waiting
from reports.digest import TALLY

TELLING = ("core.notices.mail_notices", "core.outbox_services.send_soon")


@transaction.atomic
def begin_quietly() -> int:
    """Sign everybody out and withhold what would be told again; how many messages were withheld.

    Between backup and restore mails may have gone out that this database knows nothing of. So what waits is never
    sent, today's digest counts as written, and reminders start from now as if their rules were turned on now.
    """
    now = clock.now()
    Session.objects.all().delete()
    DBTaskResult.objects.filter(status__in=[READY, RUNNING], task_path__in=TELLING).delete()
    JobRun.objects.get_or_create(job=TALLY, period=f"{clock.today()}")
    NoticeRule.objects.update(since=now)
    return withhold_waiting("Restored")
