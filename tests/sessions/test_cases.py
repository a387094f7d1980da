"""A case: its source, its guide, its end, the withdrawn consent, its figures."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import User
from catalog.models import SimulationPack
from core import clock, ledger
from core.doors import StaleVersion, WrongState
from sessions import services
from sessions.choices import CaseSource, Consent, Purpose
from sessions.figures import figures
from sessions.models import HandledCase, SessionEvent
from sessions.reading import items_to_walk, search_items
from tests import factories
from tests.conftest import District
from tests.sessions import stage


def test_case_holds_the_guide_of_the_day(district: District, director_a: User) -> None:
    case = stage.simulated_case(district, director_a)
    district.item_b.steps.all().delete()
    assert [step.name for step in case.steps.all()] == ["环节1", "环节2", "环节3"]
    assert [bool(step.started_at) for step in case.steps.all()] == [True, False, False]
    assert (case.source, case.consent, case.ticket_number) == ("simulated", Consent.NOT_NEEDED, "")
    assert case.guide_revision.number == 1
    assert len(case.snapshot["documents"]) == 2


def test_drawn_case_keeps_ticket_and_masked_surname(district: District, director_a: User) -> None:
    case = stage.drawn_case(district, director_a, "王小明")
    assert (case.ticket_number, case.masked_surname, case.consent) == ("A2046", "王*", Consent.YES)
    assert "小明" not in str(list(SessionEvent.objects.values_list("data", flat=True)))


def test_one_draw_serves_one_case(district: District, director_a: User) -> None:
    case = stage.drawn_case(district, director_a)
    with pytest.raises(ValidationError):
        services.open_case(
            case.window_session, director_a, item=district.item_b, source=CaseSource.DRAWN, draw=case.draw
        )


@pytest.mark.parametrize("answer", ["", "no"])
def test_without_consent_no_case(answer: str, district: District, director_a: User) -> None:
    row = stage.started(district, director_a)
    draw = services.draw_ticket(row, director_a, ["A1"])
    if answer:
        services.answer_draw(draw, director_a, answer, asked=1)
    with pytest.raises(ValidationError):
        services.open_case(row, director_a, item=district.item_b, source=CaseSource.DRAWN, draw=draw)
    with pytest.raises(ValidationError):
        services.open_case(row, director_a, item=district.item_b, source=CaseSource.DRAWN)
    assert not HandledCase.objects.exists()


def test_pack_of_another_item_is_refused(district: District, director_a: User) -> None:
    row = stage.started(district, director_a)
    other = SimulationPack.objects.create(item=factories.make_item(district.b), version=1, title="另一包")
    for pack in (None, other):
        with pytest.raises(ValidationError):
            services.open_case(row, director_a, item=district.item_b, source=CaseSource.SIMULATED, simulation_pack=pack)


def test_item_off_the_list_or_without_steps(district: District, director_a: User) -> None:
    row = stage.started(district, director_a)
    stranger, bare = factories.make_item(district.a), factories.make_item(district.b, steps=0)
    district.programme.handling_list.add(bare)
    for item in (stranger, bare):
        pack = SimulationPack.objects.create(item=item, version=1, title="包")
        with pytest.raises(ValidationError) as refused:
            services.open_case(row, director_a, item=item, source=CaseSource.SIMULATED, simulation_pack=pack)
        assert "item" in refused.value.message_dict


def test_which_items_may_be_walked(district: District, director_a: User) -> None:
    row = stage.published(district, director_a)
    near, far = factories.make_item(district.b, name="建设用地许可"), factories.make_item(district.a)
    assert list(items_to_walk(row)) == [district.item_b]
    district.programme.handling_list.add(far)
    assert list(items_to_walk(row)) == [district.item_b, far]
    district.programme.handling_list.clear()
    assert list(items_to_walk(row)) == [district.item_b, near]
    row.purpose = Purpose.VERIFICATION
    assert list(items_to_walk(row)) == [district.item_b, near, far]
    assert list(search_items(items_to_walk(row), "用地 许可")) == [near]


def test_integrated_window_walks_the_items_it_serves(district: District, director_a: User) -> None:
    district.programme.handling_list.clear()
    window = factories.make_window(district.hall)
    window.serves.add(district.b)
    row = stage.published(district, director_a, window=window, host_department=None)
    assert list(items_to_walk(row)) == [district.item_b]


def test_case_closes_when_every_step_has_its_result(district: District, director_a: User) -> None:
    case = stage.simulated_case(district, director_a)
    with pytest.raises(WrongState, match="环节1"):
        services.close_case(case, director_a)
    closed = stage.walked(case, director_a)
    assert closed.ended_at is not None
    assert services.close_case(case, director_a, waiting_minutes=12, trips=1).version == closed.version
    with pytest.raises(WrongState):
        services.close_case(case, director_a, waiting_minutes=13)
    assert list(ledger.verify(SessionEvent)) == []


def test_stale_closing_is_refused(district: District, director_a: User) -> None:
    case = stage.simulated_case(district, director_a)
    for step in case.steps.all():
        services.complete_step(step, director_a)
    services.save_note(case, director_a, note="等了很久", version=0)
    assert services.save_note(case, director_a, note="等了很久", version=0).version == 1
    for act in (services.save_note, services.close_case):
        with pytest.raises(StaleVersion) as stale:
            act(case, director_a, note="等得不久", version=0)
        assert (list(stale.value.current.values()), list(stale.value.typed.values())) == (["等了很久"], ["等得不久"])
    services.close_case(case, director_a, note="等了很久", version=0)
    with pytest.raises(WrongState):
        services.save_note(case, director_a, note="晚了")


def test_withdrawn_consent_erases_both(district: District, director_a: User, guide: User) -> None:
    case = stage.drawn_case(district, director_a)
    gone = services.withdraw_consent(case, guide)
    assert (gone.ticket_number, gone.masked_surname, gone.consent) == ("", "", Consent.WITHDRAWN)
    draw = case.window_session.draws.get()
    assert "A2046" not in str([draw.tickets, draw.asked])
    assert services.withdraw_consent(case, guide).version == gone.version
    assert list(ledger.verify(SessionEvent)) == []


def test_withdrawal_leaves_the_others_of_the_draw(district: District, director_a: User) -> None:
    row = stage.started(district, director_a)
    draw = services.draw_ticket(row, director_a, ["A1", "A2"])
    services.answer_draw(draw, director_a, "no", asked=1)
    draw = services.answer_draw(draw, director_a, "yes", asked=2)
    case = services.open_case(row, director_a, item=district.item_b, source=CaseSource.DRAWN, draw=draw)
    services.withdraw_consent(case, director_a)
    draw.refresh_from_db()
    assert draw.refused == 1
    assert case.ticket_number not in draw.tickets


def test_withdrawal_without_a_stored_draw(district: District, director_a: User) -> None:
    case = stage.drawn_case(district, director_a)
    case.draw = None
    case.save(update_fields=["draw"])
    assert services.withdraw_consent(case, director_a).ticket_number == ""


def test_nothing_to_withdraw_from_a_simulated_case(district: District, director_a: User) -> None:
    with pytest.raises(WrongState):
        services.withdraw_consent(stage.simulated_case(district, director_a), director_a)


def test_consent_can_be_withdrawn_afterwards(district: District, director_a: User) -> None:
    case = stage.walked(stage.drawn_case(district, director_a), director_a)
    services.finish(case.window_session, director_a)
    assert services.withdraw_consent(case, director_a).consent == Consent.WITHDRAWN


def test_figures_of_a_case(district: District, director_a: User) -> None:
    morning = clock.now()
    with clock.at(morning):
        case = stage.simulated_case(district, director_a)
    for number, step in enumerate(case.steps.all(), start=1):
        with clock.at(morning + timedelta(minutes=10 * number)):
            services.complete_step(step, director_a, documents_asked=2, signatures=1)
    case = services.close_case(case, director_a, waiting_minutes=12, trips=2)
    found = figures(case)
    assert (found.handling_minutes, found.documents, found.signatures) == (30, 6, 3)
    assert (found.waiting_minutes, found.trips, found.windows) == (12, 2, 1)
    assert found.working_days == Decimal("3.0")
    case.working_days = Decimal("1.5")
    assert figures(case).working_days == Decimal("1.5")
    case.working_days, case.snapshot = None, {"steps": []}
    assert figures(case).working_days is None


@pytest.mark.parametrize(("ends", "minutes"), [((5, 10, 20), 1), ((15, 60, 105), 2), ((60, 120, 200), 3)])
def test_minutes_are_rounded_once_for_the_whole_case(
    district: District, director_a: User, ends: tuple[int, ...], minutes: int
) -> None:
    morning = clock.now()
    with clock.at(morning):
        case = stage.simulated_case(district, director_a)
    for seconds, step in zip(ends, case.steps.all(), strict=True):
        with clock.at(morning + timedelta(seconds=seconds)):
            services.complete_step(step, director_a)
    assert figures(case).handling_minutes == minutes


def test_strangers_open_no_case(district: District, director_a: User, auditor: User) -> None:
    row = stage.started(district, director_a)
    with pytest.raises(PermissionDenied):
        stage.simulated_case(district, auditor, row)
