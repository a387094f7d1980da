"""Matrix, list and decisions about seams as pages: who sees, who decides, in how many queries."""

from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Department, User
from catalog import seam_services, seams, services
from catalog.importing.run import Options, import_files
from catalog.models import SeamRuling, ServiceItem
from catalog.seams import Seam
from core import clock
from issues import reading
from tests import factories
from tests.catalog.views import count_queries
from tests.conftest import District

pytestmark = pytest.mark.django_db
MATRIX, LIST = reverse("catalog:seam_matrix"), reverse("catalog:seam_list")
CAST = ("hall_administrator", "guide", "director_a", "liaison", "reform_officer", "auditor", "outsider")


@pytest.fixture
def seam(district: District) -> Seam:
    """B asks for the licence that C issues."""
    factories.make_document(
        district.item_b, 9, code="YYZZ", name="营业执照", source_department=district.c, shareable=True
    )
    (found,) = seams.of_item(district.item_b)
    return found


def act(name: str, seam: Seam) -> str:
    return reverse(f"catalog:seam_{name}", args=[seam.key])


def titles(client: Client, **query: str | int) -> list[str]:
    return [line.title for line in client.get(LIST, query).context["page_obj"]]


def test_every_role_sees_matrix_and_list(client: Client, seam: Seam, request: pytest.FixtureRequest) -> None:
    for name in CAST:
        client.force_login(request.getfixturevalue(name))
        page = client.get(MATRIX)
        assert page.status_code == client.get(LIST).status_code == 200
        assert quote(f"need={seam.need}", safe="=") in page.content.decode()
    client.logout()
    assert client.get(MATRIX).status_code == client.get(LIST).status_code == 302


def test_cell_leads_to_the_pair(client: Client, reform_officer: User, seam: Seam, district: District) -> None:
    client.force_login(reform_officer)
    ((_need, (cell,), own, total),) = client.get(MATRIX).context["matrix"].rows
    assert (cell.count, cell.strength, cell.heat, own, total) == (1, 2, 3, None, 1)
    page = client.get(cell.url).content.decode()
    assert "营业执照" in page
    assert district.item_b.name in page


def test_conditions_and_nonsense(client: Client, reform_officer: User, seam: Seam, district: District) -> None:
    client.force_login(reform_officer)
    assert len(titles(client, document="YYZZ", kind="HELD_ELSEWHERE")) == 1
    assert titles(client, document="ZZZ") == titles(client, kind="SIGNATURES") == titles(client, hold=seam.need) == []
    response = client.get(LIST, {"need": "x", "hold": "999999", "state": "nonsense", "page": "zzz"})
    assert (len(response.context["dropped"]), len(response.context["page_obj"])) == (2, 1)
    assert client.get(MATRIX, {"kind": "nonsense"}).context["total"] == 1


def test_dismissed_by_page(client: Client, reform_officer: User, seam: Seam) -> None:
    client.force_login(reform_officer)
    assert "营业执照" in client.get(act("dismiss", seam)).content.decode()
    page = client.post(act("dismiss", seam), {"version": 0, "reason": " "})
    assert (page.status_code, SeamRuling.objects.count()) == (400, 0)
    assert client.post(act("dismiss", seam), {"version": 0, "reason": "法律要求"}).status_code == 302
    assert titles(client) == []
    assert len(titles(client, state="dismissed")) == 1
    assert client.get(MATRIX).context["total"] == 0
    assert client.post(f"{act('restore', seam)}?from=item", {"version": 1})["Location"].endswith("#seams")
    assert len(titles(client)) == 1


def test_confirmed_by_page(
    client: Client, hall_administrator: User, seam: Seam, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "is_known", {"WT-2026-001", "WT-9"}.__contains__)
    client.force_login(hall_administrator)
    page = client.post(act("confirm", seam), {"version": 0, "issue_number": "看 12 号"})
    assert page.status_code == 400
    assert "看 12 号" in page.content.decode()
    assert client.post(act("confirm", seam), {"version": 0, "issue_number": "WT-2026-999"}).status_code == 400
    assert client.post(act("confirm", seam), {"version": 0, "issue_number": "WT-2026-001"}).status_code == 302
    assert "WT-2026-001" in client.get(LIST, {"state": "confirmed"}).content.decode()
    assert client.post(act("dismiss", seam), {"version": 1, "reason": "x"}).status_code == 409
    assert client.post(act("confirm", seam), {"version": 0, "issue_number": "WT-9"}).status_code == 409


def test_others_are_refused(client: Client, seam: Seam, request: pytest.FixtureRequest) -> None:
    for name in ("guide", "director_a", "liaison", "auditor", "outsider", "experience_officer"):
        client.force_login(request.getfixturevalue(name))
        assert client.get(act("dismiss", seam)).status_code == client.get(act("confirm", seam)).status_code == 403
        for verb in ("dismiss", "confirm", "restore"):
            assert client.post(act(verb, seam), {"version": 0, "reason": "x", "issue_number": "1"}).status_code == 403
        assert act("dismiss", seam) not in client.get(LIST).content.decode()


def test_what_is_no_seam_is_not_found(client: Client, reform_officer: User, seam: Seam) -> None:
    client.force_login(reform_officer)
    assert client.get(reverse("catalog:seam_dismiss", args=["HELD_ELSEWHERE:X:Y/Z"])).status_code == 404
    assert client.get(act("restore", seam)).status_code == 405
    assert client.post(act("restore", seam)).status_code == 409
    assert client.post(MATRIX).status_code == client.post(LIST).status_code == 405


def test_the_mended_say_when(client: Client, reform_officer: User, seam: Seam, district: District) -> None:
    SeamRuling.objects.create(
        key="HELD_ELSEWHERE:OLD:X", kind="HELD_ELSEWHERE", item=district.item_b, need=district.b, title="旧接缝",
        mended_at=clock.now(),
    )  # fmt: skip
    client.force_login(reform_officer)
    assert titles(client, state="mended") == ["旧接缝"]


@pytest.mark.parametrize("rows", [1, 30])
def test_query_counts(client: Client, reform_officer: User, seam: Seam, district: District, rows: int) -> None:
    for _number in range(rows):
        item = factories.make_item(factories.make_department(), documents=0)
        factories.make_document(item, 1, code="YYZZ", source_department=district.c, shareable=True)
        (found,) = seams.of_item(item)
        seam_services.confirm(found, reform_officer, issue_number="WT-1", version=0)
    client.force_login(reform_officer)
    for url in (MATRIX, f"{LIST}?state=confirmed"):
        client.get(url)
        assert count_queries(client, url) <= 12


def test_empty_catalogue_says_what_to_do(client: Client, reform_officer: User) -> None:
    client.force_login(reform_officer)
    assert "导入大厅的文件后" in client.get(MATRIX).content.decode()


def follow(client: Client, page: str, label: str) -> str:
    """The page behind a link whose text or address holds `label`."""
    links = [part.split('"', 1) for part in page.split('href="')[1:]]
    address = next(url for url, rest in links if label in url or label in rest.split("</a>")[0])
    return client.get(address.replace("&amp;", "&")).content.decode()


def test_both_known_seams_of_the_district_in_two_clicks(client: Client, reform_officer: User) -> None:
    demo = Path(settings.DEMO_DIR)
    import_files([demo / "hall_register.xlsx", demo / "services.xlsx"], Options())
    client.force_login(reform_officer)
    first = follow(client, client.get(reverse("catalog:item_list")).content.decode(), MATRIX)
    assert "营业执照" in follow(client, first, "document=YYZZ")
    assert ServiceItem.objects.get(code="D04-004").name in follow(client, first, "kind=PREREQUISITE_ELSEWHERE")
    health, market = (Department.objects.get(code=code).pk for code in ("D04", "D03"))
    cell = follow(client, first, f"need={health}&amp;hold={market}")
    assert "二次供水" in cell
    assert "可由两部门窗口同步受理、并联推进" in cell
    assert client.get(MATRIX).context["total"] > 500


def test_mended_seams_of_a_retired_item_are_for_those_who_may_see_it(
    client: Client, reform_officer: User, outsider: User, district: District
) -> None:
    item = district.item_b
    factories.make_document(item, 9, code="YYZZ", source_department=district.c, shareable=True)
    services.retire_item(item, reform_officer, version=item.version, reason="取消")
    for user, seen in ((reform_officer, 1), (outsider, 0)):
        client.force_login(user)
        page = client.get(reverse("catalog:seam_list"), {"state": "mended"})
        assert (page.context["page_obj"].paginator.count, item.name in page.content.decode()) == (seen, bool(seen))
