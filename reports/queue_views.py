"""The task queue: what was given up and may be tried again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_tasks_db.models import DBTaskResult

from accounts.requests import StaffRequest, staff
from core import job_services, outbox_services
from core.doors import require
from core.outbox_models import OutgoingMessage
from reports import queue
from reports.permissions import may


@require_safe
@staff()
def task_queue(request: StaffRequest) -> HttpResponseBase:
    """What was given up, what waits, and when a worker was last alive. `?list=` chooses among the four."""
    require(may(request.user, "see_queue"))
    lists = queue.lists()
    asked = request.GET.get("list", "")
    chosen = asked if asked in lists else "tasks"
    counts = queue.counts()
    page = queue.Counted(lists[chosen][1], counts[chosen]).get_page(request.GET.get("page"))
    context = {
        "tabs": [queue.Tab(name, lists[name][0], counts[name], name == chosen) for name in lists],
        "chosen": chosen,
        "page_obj": page,
        "rows": queue.rows(list(page)),
        "pulse": queue.pulse(),
        "may_retry": may(request.user, "retry_task"),
    }
    return render(request, "reports/queue.html", context)


@require_POST
@staff()
def retry_task(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """Put a task that was given up back into the queue."""
    require(may(request.user, "retry_task"))
    job_services.retry_dead(get_object_or_404(DBTaskResult, pk=pk), request.user)
    messages.success(request, _("The task is in the queue again."))
    return redirect("upkeep:task_queue")


@require_POST
@staff()
def retry_message(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Try to send a message that was given up again."""
    require(may(request.user, "retry_task"))
    outbox_services.retry_message(get_object_or_404(OutgoingMessage, pk=pk), request.user)
    messages.success(request, _("The message is on its way again."))
    return redirect(f"{reverse('upkeep:task_queue')}?list=messages")
