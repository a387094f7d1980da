"""A case as its page shows it: every step with its state, and what can be done now."""

from dataclasses import dataclass

from accounts.models import User
from core.doors import Verdict, refuse
from sessions.choices import SessionStatus, StepResult
from sessions.models import HandledCase, StepRun, WindowSession
from sessions.permissions import may


@dataclass(frozen=True, slots=True)
class StepView:
    """One step card. `state`: done, blocked, now, waiting, or left where the case ended before it."""

    run: StepRun
    state: str
    after: int


def step_views(case: HandledCase) -> list[StepView]:
    """The steps in order with their states (one query unless prefetched)."""
    steps = case.steps.all()
    return [StepView(s, _state(s) if s.result or case.is_open else "left", s.number - 1) for s in steps]


def _state(step: StepRun) -> str:
    if step.result:
        return "blocked" if step.result == StepResult.BLOCKED else "done"
    return "now" if step.started_at else "waiting"


def may_record(user: User, window_session: WindowSession) -> Verdict:
    """Whether this person may record steps now: by right, and while the session runs."""
    verdict = may(user, "complete_step", window_session)
    if verdict and window_session.status != SessionStatus.IN_PROGRESS:
        return refuse("")
    return verdict
