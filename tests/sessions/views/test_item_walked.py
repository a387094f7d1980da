"""What walks of an item took, beside its limits: citizens only, closed only."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from catalog.choices import ItemStatus
from sessions import services
from sessions.models import HandledCase
from sessions.reading import walks_of
from tests.conftest import District
from tests.sessions.stage import drawn_case, simulated_case, walked

pytestmark = pytest.mark.django_db


def closed(case: HandledCase, director: User, days: str) -> None:
    walked(case, director)
    HandledCase.objects.filter(pk=case.pk).update(working_days=Decimal(days))


def test_simulated_and_open_walks_stay_out_of_the_mean(district: District, director_a: User) -> None:
    assert walks_of(district.item_b).days is None
    case = drawn_case(district, director_a)
    closed(case, director_a, "4.5")
    closed(simulated_case(district, director_a, case.window_session), director_a, "0.5")
    simulated_case(district, director_a, case.window_session)
    services.withdraw_consent(drawn_case(district, director_a, row=case.window_session), director_a)
    walks = walks_of(district.item_b)
    assert (walks.real, walks.simulated, walks.known, walks.days, walks.minutes) == (1, 1, 1, Decimal("4.5"), 12)


def test_the_panel_stands_beside_law_and_promise(client: Client, district: District, director_a: User) -> None:
    closed(drawn_case(district, director_a), director_a, "12.5")
    client.force_login(director_a)
    url = reverse("window_sessions:item_walked", args=[district.item_b.pk])
    page = client.get(url, headers={"HX-Request": "true"})
    bars: Any = [(bar.kind, bar.days) for bar in page.context["bars"]]
    assert bars == [("statutory", "10"), ("promised", "5"), ("walked", "12.5")]
    assert district.programme.name in page.content.decode()
    assert "<html" in client.get(url).content.decode()
    assert url in client.get(reverse("catalog:item_detail", args=[district.item_b.pk])).content.decode()


def test_an_unpublished_item_has_no_panel_for_others(client: Client, district: District, director_a: User) -> None:
    district.item_b.status = ItemStatus.DRAFT
    district.item_b.save()
    client.force_login(director_a)
    assert client.get(reverse("window_sessions:item_walked", args=[district.item_b.pk])).status_code == 404


def test_an_unannounced_programme_is_not_named_to_who_is_visited(
    client: Client, district: District, liaison: User, hall_administrator: User
) -> None:
    district.programme.handling_list.add(district.item_b)
    type(district.programme).objects.update(announced=False)
    url = reverse("window_sessions:item_walked", args=[district.item_b.pk])
    for user, told in ((liaison, False), (hall_administrator, True)):
        client.force_login(user)
        assert (district.programme in client.get(url).context["programmes"]) is told
