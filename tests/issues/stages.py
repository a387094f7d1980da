"""Issues brought to a state through the services, as tests of the register need them."""

from datetime import date, timedelta
from typing import Any

from accounts.choices import Role
from accounts.models import User
from core import clock, workdays
from issues import services
from issues.choices import EvidenceKind, IssueStatus, Outcome, Redaction, RejectReason, Source, VerificationKind
from issues.models import Issue, IssueCategory, Screenshot
from tests import factories
from tests.conftest import District

WHY = "材料清单第 7 项仍要求复印件。"


def category() -> IssueCategory:
    return IssueCategory.objects.get_or_create(code="C01", defaults={"name": "材料重复提交"})[0]


def registered(district: District, finder: User, **given: Any) -> Issue:
    """Found by `finder` at B's window."""
    fields = {
        "title": "受理时仍要求提交复印件",
        "description": WHY,
        "hall": district.hall,
        "window": district.window_b,
        "item": district.item_b,
        "category": category(),
        "source": Source.CROSS_SESSION,
        "needing_department": district.b,
        "holding_departments": [district.a],
    }
    return services.register(finder, **(fields | given))


class Stage:
    """The cast of one issue led by department B: `office`, `lead`, `finder`; and the way to each state."""

    def __init__(self, district: District, office: User, lead: User, finder: User) -> None:
        self.district, self.office, self.lead, self.finder = district, office, lead, finder

    def issue(self, status: str = IssueStatus.REGISTERED, **given: Any) -> Issue:
        """A fresh issue at `status`."""
        issue = registered(self.district, self.finder, **given)
        for step in WAYS[status]:
            issue = getattr(self, step)(issue)
        return issue

    def assign(self, issue: Issue, **given: Any) -> Issue:
        fields: dict[str, Any] = {"lead_department": self.district.b, "rectify_days": 5}
        return services.assign(issue, self.office, **(fields | given))

    def acknowledge(self, issue: Issue) -> Issue:
        return services.acknowledge(issue, self.lead)

    def submit(self, issue: Issue, **given: Any) -> Issue:
        fields: dict[str, Any] = {
            "measures": ["取消复印件"],
            "outcome": Outcome.SOLVED,
            "evidence_note": "规划局便函〔2026〕12 号，附件一",
        }
        return services.submit_rectification(issue, self.lead, **(fields | given))

    def verify(self, issue: Issue, **given: Any) -> Issue:
        fields: dict[str, Any] = {"kind": VerificationKind.DOCUMENT_CHECK, "passed": True, "note": "已看到新指南"}
        return services.verify(issue, self.office, **(fields | given))

    def close(self, issue: Issue) -> Issue:
        return services.close_out(self.verify(issue), self.office)

    def suspend(self, issue: Issue, days: int = 7) -> Issue:
        review = workday(clock.today() + timedelta(days=days))
        return services.suspend(issue, self.office, cause="higher_level", review_on=review)

    def reject(self, issue: Issue) -> Issue:
        return services.reject(issue, self.office, reason=RejectReason.OUT_OF_SCOPE, note="不属本活动范围")

    def merge(self, issue: Issue) -> Issue:
        return services.merge(issue, self.office, into=registered(self.district, self.finder))


WAYS: dict[str, tuple[str, ...]] = {
    IssueStatus.REGISTERED: (),
    IssueStatus.ASSIGNED: ("assign",),
    IssueStatus.RECTIFYING: ("assign", "acknowledge"),
    IssueStatus.AWAITING_VERIFICATION: ("assign", "acknowledge", "submit"),
    IssueStatus.SUSPENDED: ("assign", "acknowledge", "suspend"),
    IssueStatus.CLOSED: ("assign", "acknowledge", "submit", "close"),
    IssueStatus.REJECTED: ("reject",),
    IssueStatus.MERGED: ("merge",),
}


def workday(day: date) -> date:
    """The day itself, moved off weekends and holidays."""
    return workdays.load().next_workday(day)


def picture(issue: Issue, user: User, kind: str = EvidenceKind.AFTER) -> Screenshot:
    """A picture's row, without files."""
    return Screenshot.objects.create(
        issue=issue,
        round=issue.round,
        kind=kind,
        path="x.jpg",
        thumbnail_path="y.jpg",
        content_type="image/jpeg",
        width=10,
        height=10,
        sha256="0" * 64,
        taken_on=clock.today(),
        uploaded_by=user,
        uploaded_at=clock.now(),
        redaction=Redaction.CLEAN,
    )


def second_officer() -> User:
    """Another reform officer."""
    user = factories.make_user(username="reform2", display_name="改革办副科长（示例）")
    return factories.grant(user, Role.REFORM_OFFICE)
