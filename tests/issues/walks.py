"""A walk under way: session, case and its running step, as rows."""

from datetime import date
from typing import Any

from accounts.models import User
from catalog.choices import DocumentSource, Half
from catalog.models import RequiredDocument
from catalog.services import current_revision
from core import clock
from sessions.choices import SessionStatus
from sessions.models import HandledCase, StepRun, WindowSession
from tests import factories
from tests.conftest import District


def walk(district: District, director: User, **given: Any) -> StepRun:
    """Step 2 of B's item runs at B's window; A already holds the third document asked for."""
    if not RequiredDocument.objects.filter(item=district.item_b, number=3).exists():
        held = {"source_kind": DocumentSource.GOVERNMENT, "source_department": district.a, "name": "施工许可证"}
        factories.make_document(district.item_b, 3, **held)
    fields: dict[str, Any] = {
        "programme": district.programme,
        "director": director,
        "rank": "principal",
        "home_department": district.a,
        "window": district.window_b,
        "host_department": district.b,
        "date": date(2026, 5, 18),
        "half": Half.AM,
        "status": SessionStatus.IN_PROGRESS,
        "started_at": clock.now(),
    }
    visit = WindowSession.objects.create(**(fields | given))
    revision = current_revision(district.item_b)
    case = HandledCase.objects.create(
        window_session=visit,
        number=1,
        item=district.item_b,
        guide_revision=revision,
        snapshot=revision.snapshot,
        source="simulated",
        consent="not_needed",
        started_at=clock.now(),
    )
    steps = {"case": case, "place": "A17"}
    StepRun.objects.create(**steps, number=1, name="咨询", started_at=clock.now(), ended_at=clock.now(), result="ok")
    running = StepRun.objects.create(**steps, number=2, name="受理", started_at=clock.now(), note="要了复印件")
    StepRun.objects.create(**steps, number=3, name="审核")
    return running
