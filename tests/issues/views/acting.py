"""Valid posts of every act, the rows each waits for, and who does it: shared by the tests of act pages."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import User
from core import clock
from issues.choices import NoticeColour
from issues.models import (
    ClockRule,
    ExtensionRequest,
    Issue,
    Rectification,
    SupervisionNotice,
    Task,
    TransferRequest,
    Verification,
)
from tests.issues.stages import Stage, registered, workday

LEAD_ACTS = {
    "acknowledge",
    "transfer",
    "send_back",
    "submit_rectification",
    "answer_supervision",
    "request_extension",
}


def actor(stage: Stage, action: str) -> User:
    """Somebody who has the act: the supporter is B's liaison too."""
    return stage.lead if action in LEAD_ACTS | {"finish_task"} else stage.office


def post(client: Client, user: User, issue: Issue, action: str, **data: Any) -> Any:
    """Post an act as `user`, at the issue's present version unless another is given."""
    client.force_login(user)
    version = Issue.objects.values_list("version", flat=True).get(pk=issue.pk)
    return client.post(page(issue, action), {"version": version} | data)


def page(issue: Issue, action: str) -> str:
    return reverse(f"issues:{action}", args=[issue.pk])


def prepare(stage: Stage, issue: Issue, action: str) -> dict[str, Any]:
    """Make what the act waits for and give a valid form for it (without the version)."""
    days = {"rectify_days": "5", "note": "理由如下"}
    soon = workday(clock.today() + timedelta(days=2)).isoformat()
    forms: dict[str, dict[str, Any]] = {
        "assign": {"lead_department": stage.district.b.pk, "rectify_days": "5"},
        "reject": {"reason": "out_of_scope", "note": "不属本活动范围"},
        "transfer": {"to": stage.district.c.pk, "note": "不归我们管"},
        "send_back": {"note": "不归我们管"},
        "rule_transfer": {"lead_department": stage.district.c.pk, "note": "由其牵头"},
        "submit_rectification": {
            "measures": "取消复印件",
            "outcome": "solved",
            "evidence_note": "便函〔2026〕12 号附件一",
        },
        "suspend": {"cause": "court", "review_on": soon},
        "return_for_rework": days,
        "reopen": days,
        "verify": {"kind": "document_check", "passed": "yes", "note": "已看到新指南"},
        "supervise": {"colour": "blue", "text": "请说明进展", "due_on": soon},
        "request_extension": {"days": "3", "reason": "等系统上线"},
        "decide_extension": {"granted": "yes", "note": "同意"},
        "plan_re_walk": {"walker": stage.finder.pk, "window": stage.district.window_b.pk},
        "coordinate": {"participants": "住建局、规划局", "agreed": "月底前开通"},
        "add_task": {"department": stage.district.a.pk, "title": "开通接口", "due_on": soon},
        "comment": {"note": "请看附件"},
        "follow_up": {"answer": "yes", "note": "办成了"},
    }
    maker = MAKERS.get(action)
    return forms.get(action, {}) | (maker(stage, issue) if maker else {})


def _task(stage: Stage, issue: Issue) -> dict[str, Any]:
    task = Task.objects.create(
        issue=issue,
        round=issue.round,
        department=stage.district.b,
        title="开通接口",
        due_on=clock.today(),
        created_by=stage.office,
        created_at=clock.now(),
    )
    return {"task": task.pk, "result": "已开通"}


def _notice(stage: Stage, issue: Issue) -> dict[str, Any]:
    notice = SupervisionNotice.objects.create(
        issue=issue,
        number=1,
        colour=NoticeColour.BLUE,
        text="请说明进展",
        issued_by=stage.office,
        issued_at=clock.now(),
        due_on=clock.today(),
    )
    return {"notice": notice.pk, "reply": "已安排"}


def _transfer(stage: Stage, issue: Issue) -> dict[str, Any]:
    TransferRequest.objects.create(
        issue=issue,
        from_department=stage.district.b,
        to_department=stage.district.c,
        reason="不归我们管",
        requested_by=stage.lead,
        requested_at=clock.now(),
    )
    return {}


def _extension(stage: Stage, issue: Issue) -> dict[str, Any]:
    limit = issue.clocks.last() or issue.clocks.create(
        round=1,
        kind="contact",
        rule=ClockRule.objects.get_or_create(version=1, defaults={"in_force_from": clock.today()})[0],
        days=1,
        started_at=clock.now(),
        due_on=clock.today(),
    )
    ExtensionRequest.objects.create(
        issue=issue, clock=limit, days=3, reason="等系统上线", requested_by=stage.lead, requested_at=clock.now()
    )
    return {}


def _verification(stage: Stage, issue: Issue) -> dict[str, Any]:
    handed_in = Rectification.objects.filter(issue=issue).last()
    Verification.objects.create(
        issue=issue,
        round=issue.round,
        rectification=handed_in,
        kind="document_check",
        passed=True,
        note="已看到",
        verifier=stage.office,
        verified_at=clock.now(),
    )
    return {}


def _other(stage: Stage, issue: Issue) -> dict[str, Any]:
    return {"into": registered(stage.district, stage.finder).number}


def _look_back(stage: Stage, issue: Issue) -> dict[str, Any]:
    issue.follow_ups.update(due_on=clock.today())
    row = issue.follow_ups.filter(round=issue.round).first()
    return {"follow_up": row.pk if row else 1, "holds": "yes", "note": "仍然有效"}


MAKERS = {
    "finish_task": _task,
    "answer_supervision": _notice,
    "rule_transfer": _transfer,
    "decide_extension": _extension,
    "close_out": _verification,
    "merge": _other,
    "look_back": _look_back,
}
