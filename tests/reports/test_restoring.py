"""After a restore nobody is signed in and nothing is said twice."""

from datetime import datetime, timedelta

from django.core import mail
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from core import clock
from core.models import Notice, OutgoingMessage
from core.outbox_services import send_waiting
from core.rule_models import settle
from issues import reminding
from issues.choices import IssueStatus
from reports import digest
from reports.restoring import begin_quietly
from tests.issues.stages import Stage


def test_yesterdays_database_mails_nothing_again_and_signs_everybody_out(client: Client, stage: Stage) -> None:
    stage.lead.email = "lead@example.org"
    stage.lead.save()
    settle()
    stage.issue(IssueStatus.ASSIGNED)  # overdue by tomorrow
    client.force_login(stage.lead)
    waiting = {"channel": "mail", "kind": "digest", "recipient": stage.lead}
    OutgoingMessage.objects.create(key="digest:1", **waiting)
    given = {"args_kwargs": {"args": ["assigned", [stage.lead.pk]], "kwargs": {}}, "run_after": clock.now()}
    DBTaskResult.objects.create(task_path="core.notices.mail_notices", backend_name="default", **given)
    with clock.at(datetime.fromisoformat("2026-05-22T09:00+08:00")):
        assert begin_quietly() == 1
        with clock.at(clock.now() + timedelta(minutes=30)):
            for job in (send_waiting, digest.send_morning, reminding.remind_due):
                job()
    assert (mail.outbox, DBTaskResult.objects.count()) == ([], 0)
    assert Notice.objects.filter(kind__in=["digest", "overdue"]).count() == 0
    assert client.get(reverse("home")).status_code == 302
