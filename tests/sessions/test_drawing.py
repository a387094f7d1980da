"""The draw: reproducible, never twice the same person, nothing kept but ticket and masked surname."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import User
from core.doors import WrongState
from sessions import services
from sessions.drawing import draw, mask_surname, split_tickets
from sessions.models import Draw
from tests.conftest import District
from tests.sessions import stage

TICKETS = ["A2046", "A2047", "A2050", "B1001"]


def test_same_seed_draws_the_same_ticket() -> None:
    first = draw("5eed", TICKETS, [])
    assert first == draw("5eed", reversed(TICKETS), [])
    assert draw("5eed", TICKETS, [first]) != first
    assert draw("5eed", TICKETS, TICKETS) == ""


def test_every_ticket_can_be_drawn() -> None:
    assert {draw(str(n), TICKETS, []) for n in range(60)} == set(TICKETS)


@pytest.mark.parametrize(
    ("name", "kept"), [("王小明", "王*"), (" 欧阳锋", "欧*"), ("𠮷田", "𠮷*"), ("王*", "王*"), ("*", ""), ("", "")]
)
def test_only_the_first_character_is_kept(name: str, kept: str) -> None:
    assert mask_surname(name) == kept


def test_tickets_come_as_free_text() -> None:
    assert split_tickets(" a2046，A2047;\nA2046、b1 ") == ["A2046", "A2047", "B1"]
    assert split_tickets("  \n") == []


def test_draw_stores_seed_and_can_be_repeated(district: District, director_a: User, guide: User) -> None:
    row = stage.started(district, director_a)
    made = services.draw_ticket(row, guide, TICKETS)
    again = services.draw_ticket(row, guide, list(reversed(TICKETS)), seed=made.seed)
    assert made.pending == again.pending
    assert len(made.seed) == 32
    assert "A2046" not in str(list(row.events.values_list("data", flat=True)))


def test_refusals_are_counted_and_drawn_again(district: District, director_a: User) -> None:
    made = services.draw_ticket(stage.started(district, director_a), director_a, TICKETS)
    first = made.pending
    made = services.answer_draw(made, director_a, "no", asked=1)
    assert made.refused == 1
    assert made.pending not in {"", first}
    made = services.answer_draw(made, director_a, "yes", asked=2)
    assert made.agreed == made.asked[1]["ticket"]
    assert made.pending == ""


def test_double_click_on_an_answer_changes_nothing(district: District, director_a: User) -> None:
    made = services.draw_ticket(stage.started(district, director_a), director_a, TICKETS)
    services.answer_draw(made, director_a, "no", asked=1)
    again = services.answer_draw(made, director_a, "no", asked=1)
    assert again.refused == 1
    services.answer_draw(made, director_a, "yes", asked=2)
    assert services.answer_draw(made, director_a, "yes", asked=2).agreed
    with pytest.raises(WrongState):
        services.answer_draw(made, director_a, "no", asked=2)


def test_nobody_left_to_ask(district: District, director_a: User) -> None:
    made = services.draw_ticket(stage.started(district, director_a), director_a, ["A1"])
    made = services.answer_draw(made, director_a, "no", asked=1)
    assert (made.pending, made.agreed, made.refused) == ("", "", 1)


def test_an_answer_is_yes_or_no(district: District, director_a: User) -> None:
    made = services.draw_ticket(stage.started(district, director_a), director_a, ["A1"])
    with pytest.raises(ValueError, match="yes or no"):
        services.answer_draw(made, director_a, "perhaps", asked=1)
    assert Draw(asked=[]).pending == ""


@pytest.mark.parametrize("tickets", [[], ["A" * 21], [f"A{n}" for n in range(201)]])
def test_unusable_tickets(tickets: list[str], district: District, director_a: User) -> None:
    with pytest.raises(ValidationError):
        services.draw_ticket(stage.started(district, director_a), director_a, tickets)
    assert not Draw.objects.exists()


def test_drawing_is_for_those_who_run(district: District, director_a: User, liaison: User) -> None:
    row = stage.started(district, director_a)
    with pytest.raises(PermissionDenied):
        services.draw_ticket(row, liaison, TICKETS)
    with pytest.raises(WrongState):
        services.draw_ticket(stage.published(district, director_a, half="PM"), director_a, TICKETS)
