"""A case as its page shows it: every step with its state, and what can be done now."""

from dataclasses import dataclass

from accounts.models import User
from core.doors import Verdict, refuse
from sessions.choices import SessionStatus, StepResult
from sessions.models import HandledCase, StepRun, WindowSession
from sessions.permissions import may


@dataclass(frozen=True, slots=True)
class StepView:
    """One step card. `state`: done, blocked, now or waiting, as the progress bar names them."""

    run: StepRun
    state: str
    after: int

    @property
    def minutes(self) -> int | None:
        """Whole minutes the step took, at least one; None while it has not ended."""
        elapsed = self.run.elapsed
        return None if elapsed is None else max(1, round(elapsed.total_seconds() / 60))


def step_views(case: HandledCase) -> list[StepView]:
    """The steps in order with their states (one query unless prefetched)."""
    return [StepView(step, _state(step), step.number - 1) for step in case.steps.all()]


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
