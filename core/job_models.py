"""What the worker remembers between turns: which periods were started, and which workers are alive."""

from django.db import models

from core import clock


class JobRun(models.Model):
    """One period of one periodic job. The unique row is the claim: two workers never start the same period twice."""

    job = models.CharField(max_length=100)
    period = models.CharField(max_length=20)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "period"], name="job_once_a_period")]


class WorkerBeat(models.Model):
    """When a worker process last gave a sign of life; its tasks belong to it for `job_services.LEASE` after that."""

    worker_id = models.CharField(max_length=64, unique=True)
    started_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)
