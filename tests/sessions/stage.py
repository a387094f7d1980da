"""Sessions and cases at the point where a test needs them, made through the services."""

from typing import Any

from accounts.models import User
from catalog.choices import Half
from catalog.models import SimulationPack
from core import clock, ledger
from sessions import services
from sessions.choices import CaseSource, Mode, SessionStatus
from sessions.models import HandledCase, SessionEvent, WindowSession
from tests.conftest import District


def published(district: District, director: User, **given: Any) -> WindowSession:
    """A published session of `director` (department A) at B's window today, with the event that led there."""
    fields = {
        "programme": district.programme,
        "director": director,
        "rank": "principal",
        "home_department": district.a,
        "window": district.window_b,
        "host_department": district.b,
        "date": clock.today(),
        "half": Half.AM,
        "mode": Mode.CLERK,
        "status": SessionStatus.PUBLISHED,
    }
    row = WindowSession.objects.create(**(fields | given))
    entry = ledger.Entry(action="publish", actor=director, to_state=row.status)
    ledger.append(SessionEvent, row, entry)
    row.save(update_fields=["version", "ledger_head"])
    return row


def started(district: District, director: User, **given: Any) -> WindowSession:
    return services.start(published(district, director, **given), director)


def pack(district: District) -> SimulationPack:
    made, _new = SimulationPack.objects.get_or_create(item=district.item_b, version=1, title="模拟材料（示例）")
    return made


def simulated_case(district: District, director: User, window_session: WindowSession | None = None) -> HandledCase:
    row = window_session or started(district, director)
    return services.open_case(
        row, director, item=district.item_b, source=CaseSource.SIMULATED, simulation_pack=pack(district)
    )


def drawn_case(
    district: District, director: User, surname: str = "王小明", row: WindowSession | None = None
) -> HandledCase:
    row = row or started(district, director)
    draw = services.draw_ticket(row, director, ["A2046"])
    services.answer_draw(draw, director, "yes", asked=1)
    return services.open_case(row, director, item=district.item_b, source=CaseSource.DRAWN, draw=draw, surname=surname)


def walked(case: HandledCase, director: User) -> HandledCase:
    """The case with every step passed and closed."""
    for step in case.steps.order_by("number"):
        services.complete_step(step, director, documents_asked=2, signatures=1)
    return services.close_case(case, director, waiting_minutes=12, trips=1)
