"""The tables of core: calendar, notices and their rules, the outbox, idempotency tokens, what the worker remembers."""

from django.db import models

from core.calendar_models import CalendarDay
from core.job_models import JobRun, WorkerBeat
from core.notice_models import Notice
from core.outbox_models import OutgoingMessage
from core.rule_models import NoticeRule

__all__ = ["CalendarDay", "JobRun", "Notice", "NoticeRule", "OutgoingMessage", "UsedToken", "WorkerBeat"]


class UsedToken(models.Model):
    """A one-time form token and the address its first use led to: a repeated post shows the first result."""

    token = models.CharField(max_length=64, unique=True)
    url = models.CharField(max_length=200)
    used_at = models.DateTimeField(auto_now_add=True)
