"""Publishing a week: frozen lines, differences, who is told, what stays out."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import User
from core import clock, ledger
from core.doors import StaleVersion
from core.models import Notice
from sessions import services
from sessions.models import Availability, Roster, SessionEvent, WindowSession
from sessions.services.roster import preview
from tests import factories
from tests.conftest import District
from tests.sessions.planning import BEFORE, MONDAY, ON_MONDAY, TUESDAY, change, put


@pytest.fixture(autouse=True)
def a_week_before() -> Any:
    with clock.at(BEFORE):
        yield


def release(district: District, actor: User, **given: Any) -> Roster:
    found = services.publish_week(district.hall, MONDAY, actor, **given)
    assert found is not None
    return found


def confirmed(district: District, director: User, actor: User, **given: Any) -> WindowSession:
    return services.confirm(put(district, director, actor, **given), director)


def roster_notices(user: User) -> int:
    return Notice.objects.filter(recipient=user, kind="roster").count()


def test_a_release_publishes_what_is_confirmed(district: District, director_a: User, hall_administrator: User) -> None:
    row = confirmed(district, director_a, hall_administrator)
    draft = put(district, director_a, hall_administrator, date=TUESDAY)
    roster = release(district, hall_administrator, note="第一版")
    row.refresh_from_db()
    draft.refresh_from_db()
    assert (roster.number, roster.iso_week, roster.difference) == (1, 21, [])
    assert [line["session"] for line in roster.lines] == [row.pk]
    assert (row.status, draft.status) == ("published", "draft")
    assert roster_notices(director_a) == 1
    assert list(ledger.verify(SessionEvent)) == []


def test_lines_say_department_and_post(district: District, director_a: User, hall_administrator: User) -> None:
    confirmed(district, director_a, hall_administrator)
    line = release(district, hall_administrator).lines[0]
    assert (line["window"], line["host"], line["home"], line["title"]) == ("A17", "自然资源和规划局", "住建局", "局长")
    assert not line["cancelled"]


def test_the_next_release_says_what_changed_and_tells_only_those(
    district: District, director_a: User, hall_administrator: User
) -> None:
    director_c, director_d = factories.make_director(district.c), factories.make_director(district.c)
    gone = confirmed(district, director_a, hall_administrator)
    stays = confirmed(district, director_c, hall_administrator, date=TUESDAY)
    swapped = confirmed(district, director_a, hall_administrator, date=TUESDAY, half="PM")
    release(district, hall_administrator)
    services.cancel(gone, "停电", hall_administrator)
    services.substitute(swapped, director_d, "出差", hall_administrator)
    new = confirmed(district, director_d, hall_administrator, half="PM")
    roster = release(district, hall_administrator)
    changes = {row["line"]["session"]: (row["kind"], row["reason"]) for row in roster.difference}
    assert changes == {gone.pk: ("cancelled", "停电"), swapped.pk: ("substituted", "出差"), new.pk: ("added", "")}
    assert next(line for line in roster.lines if line["session"] == gone.pk)["cancelled"]
    assert stays.pk not in changes
    assert (roster_notices(director_c), roster_notices(director_d)) == (1, 2)


def test_old_releases_stay_as_they_were(district: District, director_a: User, hall_administrator: User) -> None:
    row = confirmed(district, director_a, hall_administrator)
    first = release(district, hall_administrator)
    services.cancel(row, "停电", hall_administrator)
    release(district, hall_administrator)
    first.refresh_from_db()
    assert not first.lines[0]["cancelled"]


def test_nothing_new_is_no_release(district: District, director_a: User, hall_administrator: User) -> None:
    with pytest.raises(ValidationError):
        release(district, hall_administrator)
    confirmed(district, director_a, hall_administrator)
    release(district, hall_administrator)
    with pytest.raises(ValidationError):
        release(district, hall_administrator)
    assert Roster.objects.count() == 1


def test_a_leave_entered_later_holds_the_release_back(
    district: District, director_a: User, hall_administrator: User
) -> None:
    confirmed(district, director_a, hall_administrator)
    Availability.objects.create(user=director_a, starts_on=MONDAY, ends_on=MONDAY)
    with pytest.raises(ValidationError):
        release(district, hall_administrator)
    assert preview(district.hall, MONDAY).blocks


def test_two_pages_open_at_once(district: District, director_a: User, hall_administrator: User) -> None:
    confirmed(district, director_a, hall_administrator)
    release(district, hall_administrator, number=1)
    confirmed(district, director_a, hall_administrator, date=TUESDAY)
    with pytest.raises(StaleVersion):
        release(district, hall_administrator, number=1)


@pytest.mark.parametrize("role", ["director_a", "guide", "liaison", "auditor"])
def test_only_planners_publish(district: District, role: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(PermissionDenied):
        release(district, request.getfixturevalue(role))


def test_unannounced_sessions_go_out_without_a_release(
    district: District, director_a: User, hall_administrator: User
) -> None:
    change(district.programme, announced=False)
    row = confirmed(district, director_a, hall_administrator)
    assert services.publish_week(district.hall, MONDAY, hall_administrator) is None
    row.refresh_from_db()
    assert (row.status, Roster.objects.count(), roster_notices(director_a)) == ("published", 0, 1)
    with clock.at(ON_MONDAY):
        row = services.start(row, director_a)
        assert not preview(district.hall, MONDAY).has_news
        services.finish(row, director_a)
    assert [line["session"] for line in release(district, hall_administrator).lines] == [row.pk]


def test_an_unannounced_one_after_a_release_leaves_its_number_alone(
    district: District, director_a: User, hall_administrator: User
) -> None:
    confirmed(district, director_a, hall_administrator)
    release(district, hall_administrator)
    change(district.programme, announced=False)
    quiet = confirmed(district, director_a, hall_administrator, half="PM")
    assert services.publish_week(district.hall, MONDAY, hall_administrator) is None
    quiet.refresh_from_db()
    assert (quiet.status, Roster.objects.count()) == ("published", 1)


def test_the_preview_says_who_will_be_told(district: District, director_a: User, hall_administrator: User) -> None:
    director_c = factories.make_director(district.c)
    stays = confirmed(district, director_a, hall_administrator)
    confirmed(district, director_c, hall_administrator, date=TUESDAY)
    assert len(preview(district.hall, MONDAY).told) == 2
    release(district, hall_administrator)
    services.substitute(stays, factories.make_director(district.c), "出差", hall_administrator)
    assert [row.pk for row in preview(district.hall, MONDAY).told] == [stays.pk]
