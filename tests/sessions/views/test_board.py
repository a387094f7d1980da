"""The week board, placing, dropping chips."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from catalog.models import HallClosure
from core import clock
from sessions import services
from sessions.models import Availability, WindowSession
from tests import factories
from tests.conftest import District
from tests.sessions.planning import BEFORE, MONDAY, TUESDAY, put, quota

WEEK = "?week=2026-W21"


@pytest.fixture(autouse=True)
def a_week_before() -> Any:
    with clock.at(BEFORE):
        yield


def url(name: str, district: District) -> str:
    return reverse(f"window_sessions:{name}", args=[district.programme.pk]) + WEEK


def cell(district: District, half: str = "AM") -> str:
    return f"{district.window_b.pk}|2026-05-18|{half}"


def page(client: Client, user: User, address: str) -> str:
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("name", ["board", "place"])
@pytest.mark.parametrize("role", ["director_a", "guide", "liaison", "auditor", "outsider", "experience_officer"])
def test_only_planners_see_it(
    client: Client, district: District, name: str, role: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))
    assert client.get(url(name, district)).status_code == 403


def test_an_administrator_of_another_hall_is_refused(client: Client, district: District) -> None:
    client.force_login(factories.grant(factories.make_user(), "hall_administrator", hall=factories.make_hall()))
    assert client.get(url("board", district)).status_code == 403


def test_no_such_programme_is_404(client: Client, hall_administrator: User) -> None:
    client.force_login(hall_administrator)
    assert client.get(reverse("window_sessions:board", args=[999_999_999])).status_code == 404


@pytest.mark.parametrize(
    "query", ["?week=x", "?week=2026-W99", "?week=2026-W21&pick=x&hall=99999999999999999999", "?week="]
)
def test_a_broken_address_still_shows_a_week(
    client: Client, district: District, hall_administrator: User, query: str
) -> None:
    client.force_login(hall_administrator)
    assert client.get(url("board", district).partition("?")[0] + query).status_code == 200


def test_a_placed_director_stands_in_the_cell(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    row = put(district, director_a, hall_administrator)
    text = page(client, hall_administrator, url("board", district))
    assert f'id="cell-{row.pk}"' in text
    assert "is-draft" in text


def test_a_finding_is_seen_in_the_list_and_in_place(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    put(district, director_a, hall_administrator)
    Availability.objects.create(user=director_a, starts_on=MONDAY, ends_on=MONDAY)
    text = page(client, hall_administrator, url("board", district))
    assert text.count("is-late") >= 2
    assert "exclamation-octagon-fill" in text


def test_a_picked_session_shows_where_it_may_go(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    row = put(district, director_a, hall_administrator)
    text = page(client, hall_administrator, url("board", district) + f"&pick={row.pk}")
    assert "move-menu" in text
    assert "board-target" in text


def test_closed_half_days_are_hatched(client: Client, district: District, hall_administrator: User) -> None:
    HallClosure.objects.create(hall=district.hall, date=TUESDAY, reason="检修")
    assert page(client, hall_administrator, url("board", district)).count("is-shut hatch") == 4


def test_half_days_closed_every_week_are_hatched_and_refused(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    district.hall.closed_weekly = ["0-AM"]
    district.hall.save()
    client.force_login(hall_administrator)
    assert board(client, district).content.decode().count("is-shut hatch") == 2
    answer = client.post(url("arrange", district), {"chip": f"p{director_a.pk}", "cell": cell(district)}, follow=True)
    assert "大厅每周一上午" in answer.content.decode()
    assert not WindowSession.objects.exists()


def test_a_past_half_day_offers_nothing(client: Client, district: District, hall_administrator: User) -> None:
    client.force_login(hall_administrator)
    with clock.at(BEFORE + timedelta(days=8)):
        text = board(client, district).content.decode()
    assert text.count('class="is-past') == 4
    assert text.count('class="board-free"') == 16


def test_who_is_missing_can_be_placed(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    quota(district)
    assert f'data-chip="p{director_a.pk}"' in page(client, hall_administrator, url("board", district))


def test_no_window_says_what_to_do(client: Client, district: District, hall_administrator: User) -> None:
    for window in (district.window_a, district.window_b):
        window.active = False
        window.save()
    assert 'class="empty"' in page(client, hall_administrator, url("board", district))


def test_queries_do_not_grow_with_rows(
    client: Client, district: District, hall_administrator: User, settings: Any
) -> None:
    settings.SESSION_SLIDES_AFTER = 60
    for half in ("AM", "PM"):
        for _ in range(15):
            window = factories.make_window(district.hall, district.b)
            put(district, factories.make_director(district.a), hall_administrator, window=window, half=half)
    client.force_login(hall_administrator)
    client.get(url("board", district))
    with CaptureQueriesContext(connection) as captured:
        text = client.get(url("board", district)).content.decode()
    assert len(captured) <= 12
    assert text.count('<a class="board-chip') == 30


def test_place_lists_everybody_with_a_verdict(
    client: Client, district: District, director_a: User, director_b: User, hall_administrator: User
) -> None:
    text = page(client, hall_administrator, url("place", district) + f"&cell={cell(district)}")
    assert text.count("candidate is-ok") == 1
    assert text.count("candidate is-no") == 1


def test_place_puts_who_lacks_visits_first_then_the_strongest_seam_and_who_is_away_last(
    client: Client, district: District, hall_administrator: User
) -> None:
    quota(district, minimum=1)
    weak, strong, away = (factories.make_director(one) for one in (district.c, district.a, district.a))
    served = factories.make_director(district.a)
    put(district, served, hall_administrator, date=TUESDAY)
    factories.make_document(district.item_b, 9, code="YYZZ", source_department=district.a, shareable=True)
    Availability.objects.create(user=away, starts_on=MONDAY, ends_on=MONDAY)
    client.force_login(hall_administrator)
    people = client.get(url("place", district) + f"&cell={cell(district)}").context["people"]
    keys = [one.key for one in people if one.key in {str(p.pk) for p in (weak, strong, away, served)}]
    assert keys == [str(one.pk) for one in (weak, strong, served, away)]
    assert people[-1].verdict == "no"


def test_place_can_be_filtered_without_a_script(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    for n in range(13):
        factories.make_director(factories.make_department(short_name=f"第{n}局"))
    district.programme.departments.set(type(district.a).objects.all())
    text = page(client, hall_administrator, url("place", district) + f"&cell={cell(district)}&q=第7局")
    assert text.count('class="candidate ') == 1
    assert 'name="q"' in text
    text = page(client, hall_administrator, url("place", district) + f"&cell={cell(district)}&q=没有这个")
    assert "没有人符合" in text


def test_place_lists_the_places_of_a_person(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    text = page(client, hall_administrator, url("place", district) + f"&director={director_a.pk}")
    assert "candidate is-ok" in text


def test_place_without_a_cell_asks_for_one(client: Client, district: District, hall_administrator: User) -> None:
    assert cell(district) in page(client, hall_administrator, url("place", district))


def test_place_makes_one_session_however_often_it_is_sent(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    client.force_login(hall_administrator)
    values = {"cell": cell(district), "director": director_a.pk, "mode": "clerk", "token": "once-only"}
    first = client.post(url("place", district), values)
    second = client.post(url("place", district), values)
    assert (first.status_code, first.headers["Location"]) == (302, second.headers["Location"])
    assert WindowSession.objects.count() == 1


def test_place_refused_by_a_rule_says_why(
    client: Client, district: District, director_b: User, hall_administrator: User
) -> None:
    client.force_login(hall_administrator)
    values = {"cell": cell(district), "director": director_b.pk, "mode": "clerk", "token": "t"}
    answer = client.post(url("place", district), values)
    assert answer.status_code == 400
    assert "A17" in answer.content.decode()
    assert not WindowSession.objects.exists()


def test_a_taken_place_is_409_and_names_the_holder(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    put(district, director_a, hall_administrator)
    client.force_login(hall_administrator)
    other = factories.make_director(district.c)
    values = {"cell": cell(district), "director": other.pk, "mode": "clerk", "token": "t"}
    answer = client.post(url("place", district), values)
    assert answer.status_code == 409
    assert director_a.display_name in " ".join(answer.context["form"].non_field_errors())
    assert answer.context["holder"] == WindowSession.objects.get()
    assert 'name="director"' not in answer.content.decode()


def test_who_was_placed_elsewhere_meanwhile_is_refused_above_the_list(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    put(district, director_a, hall_administrator, window=district.window_b)
    client.force_login(hall_administrator)
    free = factories.make_window(district.hall, district.b)
    values = {"cell": f"{free.pk}|{MONDAY}|AM", "director": director_a.pk, "mode": "clerk", "token": "t"}
    answer = client.post(url("place", district), values)
    assert (answer.status_code, answer.context["window"]) == (409, free)
    assert district.window_b.number in " ".join(answer.context["form"].non_field_errors())
    assert [one.verdict for one in answer.context["people"] if one.key == str(director_a.pk)] == ["no"]


def test_place_without_a_choice_comes_back(client: Client, district: District, hall_administrator: User) -> None:
    client.force_login(hall_administrator)
    assert client.post(url("place", district), {"cell": cell(district), "token": "t"}).status_code == 400


def test_a_dropped_session_moves(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    row = put(district, director_a, hall_administrator)
    client.force_login(hall_administrator)
    answer = client.post(url("arrange", district), {"chip": row.pk, "cell": cell(district, "PM")})
    row.refresh_from_db()
    assert (answer.status_code, row.half) == (302, "PM")


def test_a_dropped_person_is_placed(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    client.force_login(hall_administrator)
    client.post(url("arrange", district), {"chip": f"p{director_a.pk}", "cell": cell(district)})
    assert WindowSession.objects.get().director == director_a


@pytest.mark.parametrize("chip", ["", "x", "p", "1e9"])
def test_a_broken_drop_changes_nothing(client: Client, district: District, hall_administrator: User, chip: str) -> None:
    client.force_login(hall_administrator)
    assert client.post(url("arrange", district), {"chip": chip, "cell": cell(district)}).status_code == 302
    assert not WindowSession.objects.exists()


def test_a_refused_drop_says_why(
    client: Client, district: District, director_b: User, hall_administrator: User
) -> None:
    client.force_login(hall_administrator)
    answer = client.post(url("arrange", district), {"chip": f"p{director_b.pk}", "cell": cell(district)}, follow=True)
    assert "toast-error" in answer.content.decode()
    assert not WindowSession.objects.exists()


def test_arrange_by_get_is_refused(client: Client, district: District, hall_administrator: User) -> None:
    client.force_login(hall_administrator)
    assert client.get(url("arrange", district)).status_code == 405


def board(client: Client, district: District, more: str = "") -> Any:
    return client.get(url("board", district) + more)


def test_marks_before_a_drop_say_where_a_chip_may_go(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    row = put(district, director_a, hall_administrator)
    Availability.objects.create(user=director_a, starts_on=TUESDAY, ends_on=TUESDAY)
    client.force_login(hall_administrator)
    for chip in (f"{row.pk}", f"p{director_a.pk}"):
        cells = client.get(url("targets", district) + f"&chip={chip}").json()["cells"]
        assert cells[f"{district.window_b.pk}|2026-05-20|AM"][0] in {"ok", "warn"}
        assert cells[f"{district.window_b.pk}|2026-05-19|AM"] == ["no", "请假"]
        assert cells[f"{district.window_a.pk}|2026-05-20|AM"] == ["no", "本部门"]
    for chip in ("", "p", "x", "99999"):
        assert client.get(url("targets", district) + f"&chip={chip}").json() == {"cells": {}}


def test_an_open_board_learns_of_every_change(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    client.force_login(hall_administrator)
    pulses = [board(client, district).context["board"].pulse]
    acts: list[Callable[[], object]] = [
        lambda: put(district, director_a, hall_administrator),
        lambda: services.confirm(WindowSession.objects.get(), director_a),
        lambda: Availability.objects.create(user=director_a, starts_on=MONDAY, ends_on=MONDAY),
        lambda: Availability.objects.all().delete(),
    ]
    for act in acts:
        state = client.get(url("board_state", district) + f"&pulse={pulses[-1]}").json()
        assert state == {"pulse": pulses[-1], "by": ""}
        act()
        state = client.get(url("board_state", district) + f"&pulse={pulses[-1]}").json()
        assert state["pulse"] != pulses[-1]
        pulses.append(board(client, district).context["board"].pulse)
        assert state["pulse"] == pulses[-1]
    assert state["by"] == director_a.display_name


def test_asking_keeps_nobody_signed_in(client: Client, district: District, hall_administrator: User) -> None:
    with time_machine.travel(BEFORE, tick=False) as clock_now:
        client.force_login(hall_administrator)
        for _ in range(31):
            client.get(url("board_state", district))
            clock_now.shift(60)
        assert client.get(url("board_state", district)).status_code == 302


def test_a_chip_that_somebody_moved_meanwhile_is_not_moved_again(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    row = put(district, director_a, hall_administrator)
    services.move(row, district.window_b, TUESDAY, "AM", hall_administrator)
    client.force_login(hall_administrator)
    answer = client.post(
        url("arrange", district), {"chip": row.pk, "cell": cell(district, "PM"), "version": row.version}
    )
    row.refresh_from_db()
    assert (answer.status_code, row.date) == (409, TUESDAY)
    assert url("board", district) in answer.content.decode()


def pressed(client: Client, answer: Any) -> None:
    """Press the undo that stands in the notice of this page."""
    text = answer.content.decode()
    form = text[text.index('class="toast-undo"') - 200 :]
    action = re.search(r'action="([^"]+)" class="toast-undo"', text)
    values = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[: form.index("</form>")]))
    assert action
    client.post(html.unescape(action[1]), {name: html.unescape(value) for name, value in values.items()})


def test_a_move_is_undone(client: Client, district: District, director_a: User, hall_administrator: User) -> None:
    row = put(district, director_a, hall_administrator)
    client.force_login(hall_administrator)
    drop = {"chip": row.pk, "cell": cell(district, "PM"), "version": row.version}
    pressed(client, client.post(url("arrange", district), drop, follow=True))
    row.refresh_from_db()
    assert (row.half, row.version) == ("AM", 3)


def test_the_board_keeps_the_undo_until_somebody_touches_the_session(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    client.force_login(hall_administrator)
    client.post(url("arrange", district), {"chip": f"p{director_a.pk}", "cell": cell(district)})
    undo = board(client, district).context["undo"]
    assert undo.fields["next"].endswith(f"#at-{district.window_b.pk}-2026-05-18-AM")
    assert 'class="board-undo' in board(client, district).content.decode()
    services.confirm(WindowSession.objects.get(), director_a)
    assert board(client, district).context["undo"] is None


def test_an_act_on_another_page_takes_the_undo_away_and_leads_back_to_the_empty_cell(
    client: Client, district: District, director_a: User, director_b: User, hall_administrator: User
) -> None:
    """The button would take back the placing, although the person has just cancelled something else."""
    first = put(district, director_b, hall_administrator, window=district.window_a)
    client.force_login(hall_administrator)
    client.post(url("arrange", district), {"chip": f"p{director_a.pk}", "cell": cell(district)})
    back = f"{url('board', district)}#cell-{first.pk}"
    values = {"version": first.version, "reason": "会议冲突", "next": back}
    answer = client.post(reverse("window_sessions:cancel", args=[first.pk]), values)
    assert answer.headers["Location"] == f"{url('board', district)}#at-{district.window_a.pk}-2026-05-18-AM"
    assert board(client, district).context["undo"] is None


def test_every_act_leads_back_to_its_cell(
    client: Client, district: District, director_a: User, director_b: User, hall_administrator: User
) -> None:
    client.force_login(hall_administrator)
    values = {"cell": cell(district), "director": director_a.pk, "mode": "clerk", "token": "t"}
    spot = client.post(url("place", district), values).headers["Location"]
    row = WindowSession.objects.get()
    assert spot == f"{url('board', district)}#cell-{row.pk}"
    moved = client.post(url("arrange", district), {"chip": row.pk, "cell": cell(district, "PM")})
    assert moved.headers["Location"] == spot
    refused = client.post(url("arrange", district), {"chip": f"p{director_b.pk}", "cell": cell(district)})
    assert refused.headers["Location"] == f"{url('board', district)}#at-{district.window_b.pk}-2026-05-18-AM"
    text = board(client, district).content.decode()
    assert f'id="cell-{row.pk}"' in text
    assert f'id="at-{district.window_b.pk}-2026-05-18-AM"' in text


def test_a_placing_is_undone(client: Client, district: District, director_a: User, hall_administrator: User) -> None:
    client.force_login(hall_administrator)
    drop = {"chip": f"p{director_a.pk}", "cell": cell(district)}
    pressed(client, client.post(url("arrange", district), drop, follow=True))
    assert WindowSession.objects.get().status == "cancelled"


@pytest.mark.parametrize(
    ("query", "windows"),
    [
        ("&hall=all", {"A14", "A17"}),
        ("&host={b}", {"A17"}),
        ("&home={a}", {"A17"}),
        ("&only=taken", {"A17"}),
        ("&only=findings", set()),
        ("&only=free&zone=x&host=99", {"A14", "A17"}),
        ("&only=nonsense&home=²", {"A14", "A17"}),
    ],
)
def test_filters(
    client: Client, district: District, director_a: User, hall_administrator: User, query: str, windows: set[str]
) -> None:
    put(district, director_a, hall_administrator)
    client.force_login(hall_administrator)
    answer = board(client, district, query.format(a=district.a.pk, b=district.b.pk))
    assert {line.window.number for line in answer.context["board"].lines} == windows
    assert answer.status_code == 200


def test_filters_stay_after_a_drop(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    client.force_login(hall_administrator)
    drop = {"chip": f"p{director_a.pk}", "cell": cell(district)}
    answer = client.post(url("arrange", district) + "&only=free&pick=3", drop)
    row = WindowSession.objects.get()
    assert answer.headers["Location"] == f"{url('board', district)}&only=free#cell-{row.pk}"


def test_a_picked_chip_says_why_it_is_here(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    factories.make_document(district.item_b, 9, code="YYZZ", source_department=district.a, shareable=True)
    quota(district)
    row = put(district, director_a, hall_administrator)
    client.force_login(hall_administrator)
    shown = board(client, district, f"&pick={row.pk}").context["board"]
    assert [one.strength > 0 for one in shown.why] == [True, False, False]
    assert {line.window.number: line.strength > 0 for line in shown.lines} == {"A14": False, "A17": True}


def test_a_desk_closed_and_a_director_moved_after_publication(
    client: Client, district: District, director_a: User, hall_administrator: User
) -> None:
    services.confirm(put(district, director_a, hall_administrator), director_a)
    services.publish_week(district.hall, MONDAY, hall_administrator)
    district.window_b.desk_am = False
    district.window_b.save()
    client.force_login(hall_administrator)
    assert [one.rule for one, _where in board(client, district).context["board"].findings] == ["closed"]
    director_a.postings.update(department=district.c)
    row = board(client, district).context["board"].findings[0][0].session_id
    assert WindowSession.objects.get(pk=row).home_department == district.a
