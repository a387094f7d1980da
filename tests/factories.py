"""Plain factories: sensible defaults, everything overridable by keyword. Rows only; acts go through services."""

from datetime import date, time
from itertools import count
from typing import Any

from accounts.choices import Rank
from accounts.models import Department, Posting, RoleGrant, User
from catalog.choices import DocumentForm, DocumentSource, Handling, ItemType, Necessity, OnlineDepth, WindowKind
from catalog.models import (
    ChangeProposal,
    Hall,
    ProcedureStep,
    RequiredDocument,
    SamplePicture,
    ServiceItem,
    SimulationPack,
    Window,
    Zone,
)
from catalog.snapshots import snapshot
from core import clock
from issues.models import IssueCategory
from sessions.choices import Mode, ProgrammeKind
from sessions.models import Programme

_serial = count(1)


def make_department(**given: Any) -> Department:
    n = next(_serial)
    fields = {"code": f"T{n:03}", "name": f"示例部门{n}", "short_name": f"部门{n}", "name_en": f"Department {n}"}
    return Department.objects.create(**(fields | {"participates": True, "sort_order": n} | given))


def make_user(**given: Any) -> User:
    n = next(_serial)
    user = User(**({"username": f"user{n}", "display_name": f"某人{n}（示例）"} | given))
    user.set_unusable_password()
    user.save()
    return user


def make_director(department: Department, rank: str = Rank.PRINCIPAL, **given: Any) -> User:
    """A person with an open posting at `department`."""
    user = make_user(**({"display_name": f"{department.short_name}局长（示例）", "department": department} | given))
    Posting.objects.create(user=user, department=department, title="局长", rank=rank, starts_on=date(2020, 1, 1))
    return user


def grant(user: User, role: str, *, hall: Hall | None = None, department: Department | None = None) -> User:
    RoleGrant.objects.create(user=user, role=role, hall=hall, department=department)
    return user


def make_hall(**given: Any) -> Hall:
    n = next(_serial)
    return Hall.objects.create(**({"code": f"TH{n}", "name": f"示例大厅{n}", "pm_opens": time(14)} | given))


def make_window(hall: Hall, department: Department | None = None, **given: Any) -> Window:
    """A desk open all week; without a department an integrated window."""
    n = next(_serial)
    zone, _ = Zone.objects.get_or_create(hall=hall, name="法人服务区")
    kind = WindowKind.DEPARTMENT if department else WindowKind.INTEGRATED
    fields = {
        "number": f"A{n}",
        "name": f"示例窗口{n}",
        "kind": kind,
        "is_desk": True,
        "desk_am": True,
        "desk_pm": True,
    }
    return Window.objects.create(**(fields | {"hall": hall, "zone": zone, "department": department} | given))


def make_item(department: Department, steps: int = 3, documents: int = 2, **given: Any) -> ServiceItem:
    n = next(_serial)
    fields = {
        "code": f"{department.code}-{n:03}",
        "name": f"示例事项{n}",
        "department": department,
        "item_type": ItemType.PERMIT,
        "handling": Handling.COMMITTED,
        "statutory_days": 10,
        "committed_days": 5,
        "for_companies": True,
        "online_depth": OnlineDepth.PRECHECK,
        "in_visit_list": True,
    }
    item = ServiceItem.objects.create(**(fields | given))
    for number in range(1, steps + 1):
        ProcedureStep.objects.create(item=item, number=number, name=f"环节{number}", signatures=1, days=1)
    for number in range(1, documents + 1):
        make_document(item, number)
    return item


def make_document(item: ServiceItem, number: int, **given: Any) -> RequiredDocument:
    fields = {
        "code": f"DOC{number}",
        "name": f"示例材料{number}",
        "form": DocumentForm.COPY,
        "source_kind": DocumentSource.APPLICANT,
        "necessity": Necessity.REQUIRED,
    }
    return RequiredDocument.objects.create(**(fields | {"item": item, "number": number} | given))


def make_sample(pack: SimulationPack, by: User, **given: Any) -> SamplePicture:
    """The row of a picture on a pack's first sheet."""
    files = {"path": "x.jpg", "thumbnail_path": "y.jpg", "content_type": "image/jpeg", "sha256": "0" * 64}
    fields = {"sheet": "DOC1", "width": 10, "height": 10, "added_by": by, "added_at": clock.now()}
    return SamplePicture.objects.create(**(files | fields | {"pack": pack} | given))


def make_proposal(item: ServiceItem, proposer: User, **given: Any) -> ChangeProposal:
    """A change that waits: the remark would say something else."""
    before = snapshot(item)
    after = before | {"item": before["item"] | {"note": "改后的备注"}}
    change = {"fields": {"code": item.code, "note": "改后的备注"}, "steps": [], "documents": [], "relations": []}
    fields = {"base_version": item.version, "change": change, "before": before, "after": after, "reason": "少交一份"}
    return ChangeProposal.objects.create(
        **(fields | {"item": item, "proposed_by": proposer, "proposed_at": clock.now()} | given)
    )


def make_programme(hall: Hall, *departments: Department, **given: Any) -> Programme:
    """A cross-department programme over 2026 at `hall`."""
    n = next(_serial)
    fields = {
        "code": f"P{n}",
        "name": f"示例活动{n}",
        "kind": ProgrammeKind.CROSS,
        "modes": [Mode.CLERK.value],
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2026, 12, 31),
    }
    programme = Programme.objects.create(**(fields | given))
    programme.halls.add(hall)
    programme.departments.set(departments)
    return programme


def make_category(**given: Any) -> IssueCategory:
    n = next(_serial)
    return IssueCategory.objects.create(**({"code": f"TC{n}", "name": f"示例类别{n}"} | given))
