"""An issue comes into being: typed in, raised from the step of a walk, or taken from a feedback form."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from catalog.services import current_revision
from core import clock, ledger, notices
from core.doors import WrongState, require
from issues import clocks
from issues.choices import ClockKind, IssueStatus, Source
from issues.models import Issue, IssueEvent
from issues.permissions import may
from issues.services import numbers, people
from sessions.choices import ProgrammeKind
from sessions.models import Feedback, StepRun, WindowSession
from sessions.services import block_step
from sessions.services.acting import hold


def register(actor: User, **fields: Any) -> Issue:
    """A new issue at REGISTERED with its number and first ledger event; the reform office is told.

    `fields` are the issue's own; `holding_departments` a list; `number` is kept when an import gives it. Missing
    scene facts are derived: the finder from the actor, the guide revision from the item. A citizen's report starts
    the clock for the first contact. Raises PermissionDenied, and ValidationError without title, description or hall.
    """
    require(may(actor, "register"))
    holders = fields.pop("holding_departments", [])
    number = fields.pop("number", "")
    note = fields.pop("note", "")
    for name in ("title", "description", "hall", "category", "source"):
        if not fields.get(name):
            raise ValidationError({name: _("Please fill this in.")})
    with transaction.atomic():
        number = numbers.keep(number) if number else numbers.issue_number()
        issue = Issue(number=number, registered_by=actor, registered_at=clock.now(), **_derived(actor, fields))
        issue.save()
        issue.holding_departments.set(holders)
        _write_first_event(issue, actor, note)
        if issue.source == Source.INTAKE:
            clocks.start(issue, ClockKind.CONTACT)
        _tell_office(issue, actor)
    return issue


def _derived(actor: User, fields: dict[str, Any]) -> dict[str, Any]:
    finder = fields.setdefault("found_by", actor)
    fields.setdefault("found_on", clock.today())
    if finder is not None:
        fields.setdefault("found_by_department", finder.department)
    if not fields.get("found_by_label"):
        fields["found_by_label"] = (finder or actor).display_name
    item = fields.get("item")
    if item is not None and fields.get("guide_revision") is None:
        fields["guide_revision"] = current_revision(item)
    return fields


def _write_first_event(issue: Issue, actor: User, note: str) -> None:
    data = {"round": 1, "found_by": issue.found_by_label, "on_behalf": issue.found_by_id != actor.pk}
    entry = ledger.Entry(action="register", actor=actor, to_state=IssueStatus.REGISTERED, note=note, data=data)
    ledger.append(IssueEvent, issue, entry)
    issue.save(update_fields=["version", "ledger_head"])


def _tell_office(issue: Issue, actor: User) -> None:
    notices.notify(
        [user for user in people.officers() if user.pk != actor.pk],
        kind="issue.register",
        title=gettext_noop("New issue %(number)s: %(title)s"),
        url=reverse("issues:issue_detail", args=[issue.pk]),
        params={"number": issue.number, "title": issue.title},
    )


SOURCES = {ProgrammeKind.CROSS: Source.CROSS_SESSION, ProgrammeKind.SITTING: Source.SITTING}


def scene_of_session(window_session: WindowSession) -> dict[str, Any]:
    """What a session says of an issue found in it: place, time, finder and in which role."""
    director = window_session.director
    return {
        "hall": window_session.window.hall,
        "window": window_session.window,
        "found_on": window_session.date,
        "half": window_session.half,
        "window_session": window_session,
        "source": SOURCES[ProgrammeKind(window_session.programme.kind)],
        "found_by": director,
        "found_by_label": director.display_name,
        "found_by_department": window_session.home_department,
        "found_as": str(window_session.get_mode_display()),
        "needing_department": window_session.host_department,
    }


def scene_of_step(step_run: StepRun) -> dict[str, Any]:
    """What a step of a walk says of an issue raised there: the session's scene, item, guide revision and step."""
    case = step_run.case
    return scene_of_session(case.window_session) | {
        "handled_case": case,
        "item": case.item,
        "guide_revision": case.guide_revision,
        "step_run": step_run,
        "step_number": step_run.number,
        "step_name": step_run.name,
        "needing_department": case.window_session.host_department or case.item.department,
    }


@transaction.atomic
def register_from_step(step_run: StepRun, actor: User, **fields: Any) -> Issue:
    """Raise an issue from a step of a walk and mark the step blocked by it; its pictures go with the issue.

    Everything about the scene is taken from the walk; `fields` add what went wrong and may correct the rest.
    Raises PermissionDenied and WrongState as the session does for a step that does not run.
    """
    _check_free(step_run, actor)
    issue = register(actor, **(scene_of_step(step_run) | fields))
    step_run.screenshots.filter(issue__isnull=True).update(issue=issue)
    # What was noted at the window stays; without a note the title says why.
    block_step(step_run, issue.number, actor, note="" if step_run.note else fields.get("title", ""))
    return issue


def _check_free(step_run: StepRun, actor: User) -> None:
    """Hold the session and see that the step has no result yet: of two reports at one moment the first counts."""
    hold(step_run.case.window_session, "block_step", actor)
    step_run.refresh_from_db(fields=["result", "issue_number", "note"])
    if step_run.result:
        raise WrongState(_("This step has its result already. A new issue can be registered by itself."))


@transaction.atomic
def register_from_feedback(feedback: Feedback, actor: User, **fields: Any) -> Issue:
    """Turn a suggestion of a feedback form into an issue; the scene is that of the session."""
    scene = scene_of_session(feedback.window_session) | {"source": Source.FEEDBACK}
    return register(actor, **(scene | fields))
