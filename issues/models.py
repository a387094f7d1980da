"""The tables of the register, split by subject."""

from issues.clock_models import Clock, ClockRule, ExtensionRequest, SupervisionNotice
from issues.evidence_models import Screenshot
from issues.issue_models import Issue, IssueCategory, IssueEvent, NumberSeries
from issues.recount_models import LimitRecount
from issues.work_models import FollowUp, LookBackSample, Rectification, Task, TransferRequest, Verification

__all__ = [
    "Clock",
    "ClockRule",
    "ExtensionRequest",
    "FollowUp",
    "Issue",
    "IssueCategory",
    "IssueEvent",
    "LimitRecount",
    "LookBackSample",
    "NumberSeries",
    "Rectification",
    "Screenshot",
    "SupervisionNotice",
    "Task",
    "TransferRequest",
    "Verification",
]
