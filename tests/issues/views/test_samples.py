"""The pages of look-back samples."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from issues import services
from issues.choices import IssueStatus
from issues.models import LookBackSample
from tests.issues.stages import Stage
from tests.issues.test_sampling import MAY

pytestmark = pytest.mark.usefixtures("monday")
DRAW = reverse("issues:draw_sample")


def days() -> dict[str, str]:
    return {name: value.isoformat() for name, value in MAY.items()}


def test_a_sample_is_drawn_once_and_shown(stage: Stage, client: Client) -> None:
    issue = stage.issue(IssueStatus.CLOSED)
    client.force_login(stage.office)
    form = days() | {"size": "3", "token": client.get(DRAW).context["form"]["token"].value()}
    first, second = client.post(DRAW, form), client.post(DRAW, form)
    sample = LookBackSample.objects.get()
    address = reverse("issues:sample_detail", args=[sample.pk])
    assert first["Location"] == second["Location"] == address
    page = client.get(address).content.decode()
    assert issue.number in page
    assert sample.seed in page
    assert "抽查第 1 批" in client.get(reverse("issues:sample_list")).content.decode()


@pytest.mark.parametrize(
    "bad",
    [
        {"size": "", "share": ""},
        {"size": "2", "share": "10"},
        {"size": "0"},
        {"size": "201"},
        {"share": "101", "size": ""},
        {"size": "1" + "0" * 30},
        {"closed_to": "2020-01-01"},
        {"closed_from": "0001-01-01"},
        {"due_on": "2026-05-23"},
        {"due_on": "NaN"},
        {"size": "2"},
    ],
)
def test_bad_input_comes_back_and_nothing_is_drawn(stage: Stage, client: Client, bad: dict[str, str]) -> None:
    client.force_login(stage.office)
    page = client.post(DRAW, days() | {"size": "2", "token": "t"} | bad)
    assert page.status_code == 400
    assert page.context["form"].errors
    assert not LookBackSample.objects.exists()


def test_queries_do_not_grow_with_rows(stage: Stage, client: Client) -> None:
    client.force_login(stage.office)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("issues:sample_list"))
            client.get(reverse("issues:sample_detail", args=[sample.pk]))
        return len(found)

    stage.issue(IssueStatus.CLOSED)
    sample = services.draw_sample(stage.office, **MAY, size=1)
    few = queries()
    for _ in range(6):
        stage.issue(IssueStatus.CLOSED)
    sample = services.draw_sample(stage.office, **MAY, size=6)
    assert queries() == few <= 20
