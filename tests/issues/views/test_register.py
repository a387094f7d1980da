"""Raising an issue: from scratch, from a blocked step, from a line of a feedback form."""

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.idempotency import new_token
from issues import services
from issues.choices import IssueStatus, Source
from issues.models import Issue, Screenshot
from sessions.choices import StepResult
from sessions.models import Feedback, FeedbackTemplate
from tests import factories
from tests.conftest import District
from tests.issues.pictures import BAD, upload
from tests.issues.stages import category
from tests.issues.walks import walk

pytestmark = pytest.mark.usefixtures("monday")
REGISTER = "/issues/register/"
TITLE = "企业要交我局核发的许可证复印件"


def problem(**given: Any) -> dict[str, Any]:
    fields = {"token": new_token(), "title": TITLE, "description": "逐车复印，加盖公章，缺一退回。"}
    return fields | {"category": category().pk, "severity": "normal"} | given


def scene(district: District, **given: Any) -> dict[str, Any]:
    fields = {"hall": district.hall.pk, "window": district.window_b.pk, "found_on": "2026-05-18", "source": "meeting"}
    return problem() | fields | {"item": district.item_b.code} | given


def test_an_issue_from_scratch(client: Client, district: District, reform_officer: User) -> None:
    client.force_login(reform_officer)
    data = scene(district, holding_departments=[district.a.pk], found_by_label="市民代表", pictures=[upload()])
    response = client.post(REGISTER, data)
    issue = Issue.objects.get()
    assert response.url == reverse("issues:issue_detail", args=[issue.pk])  # type: ignore[attr-defined]
    assert (issue.status, issue.found_by, issue.found_by_label) == (IssueStatus.REGISTERED, None, "市民代表")
    assert issue.needing_department == district.b
    assert list(issue.holding_departments.all()) == [district.a]
    assert issue.screenshots.count() == 1


def test_a_director_is_the_finder(client: Client, district: District, director_a: User) -> None:
    client.force_login(director_a)
    assert client.post(REGISTER, scene(district)).status_code == 302
    assert Issue.objects.get().found_by == director_a


@pytest.mark.parametrize("name", ["liaison", "auditor", "outsider"])
def test_who_may_not_raise(client: Client, request: pytest.FixtureRequest, name: str) -> None:
    client.force_login(request.getfixturevalue(name))
    assert client.get(REGISTER).status_code == 403
    assert client.post(REGISTER, problem()).status_code == 403


@pytest.mark.parametrize("name", ["guide", "hall_administrator", "experience_officer", "director_a", "reform_officer"])
def test_who_may_raise(client: Client, request: pytest.FixtureRequest, name: str) -> None:
    client.force_login(request.getfixturevalue(name))
    assert client.get(REGISTER).status_code == 200


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"title": ""}, "title"),
    ({"title": "\u200b \u3164"}, "title"),
    ({"description": "a\x00b"}, "description"),
    ({"category": "999"}, "category"),
    ({"item": "没有这个事项"}, "item"),
    ({"found_on": "2027-01-01"}, "found_on"),
    ({"source": "intake"}, "source"),
    ({"pictures": BAD["html"]}, "pictures"),
]


@pytest.mark.parametrize(("change", "field"), WRONG)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    client: Client, district: District, reform_officer: User, change: dict[str, Any], field: str
) -> None:
    client.force_login(reform_officer)
    change = {name: value() if callable(value) else value for name, value in change.items()}
    response = client.post(REGISTER, scene(district, suggestion="建议系统调取", **change))
    assert response.status_code == 400
    assert field in response.context["form"].errors
    assert "建议系统调取" in response.content.decode()
    assert not Issue.objects.exists()


def test_pictures_that_a_browser_does_not_give_back_are_asked_for_again(
    client: Client, district: District, reform_officer: User
) -> None:
    client.force_login(reform_officer)
    for change in ({"title": ""}, {"pictures": [upload(), BAD["html"]()]}):
        page = client.post(REGISTER, scene(district, **({"pictures": [upload(), upload()]} | change)))
        assert "刚才选的 2 张图浏览器不会留着" in str(page.context["form"].errors["pictures"])


def test_the_seam_and_the_window_must_fit(client: Client, district: District, reform_officer: User) -> None:
    client.force_login(reform_officer)
    elsewhere = factories.make_window(factories.make_hall(), None)
    data = scene(district, needing_department=district.a.pk, holding_departments=[district.a.pk], window=elsewhere.pk)
    errors = client.post(REGISTER, data).context["form"].errors
    assert {"holding_departments", "window"} <= set(errors)


def test_several_items_fit(client: Client, district: District, reform_officer: User) -> None:
    factories.make_item(district.b, name="施工许可（甲）")
    factories.make_item(district.b, name="施工许可（乙）")
    client.force_login(reform_officer)
    errors = client.post(REGISTER, scene(district, item="施工许可")).context["form"].errors
    assert "施工许可（甲）" in errors["item"][0]


def test_a_refused_picture_takes_the_issue_and_the_files_with_it(
    client: Client, district: District, reform_officer: User
) -> None:
    client.force_login(reform_officer)
    response = client.post(REGISTER, scene(district, pictures=[upload(), BAD["text"]()]))
    assert response.status_code == 400
    assert not Issue.objects.exists()
    assert not Screenshot.objects.exists()
    folders = default_storage.listdir("images")[0]
    assert not [name for folder in folders for name in default_storage.listdir(f"images/{folder}")[1]]


def test_a_double_click_registers_once(client: Client, district: District, director_a: User) -> None:
    client.force_login(director_a)
    data = scene(district)
    assert client.post(REGISTER, data)["Location"] == client.post(REGISTER, data)["Location"]
    assert Issue.objects.count() == 1


def test_an_item_fills_the_form(client: Client, district: District, director_a: User) -> None:
    client.force_login(director_a)
    form = client.get(REGISTER, {"item": district.item_b.code}).context["form"]
    assert form.initial["needing_department"] == district.b.pk
    assert form.initial["hall"] == district.hall


def test_similar_issues_while_filling_in(client: Client, district: District, director_a: User) -> None:
    client.force_login(director_a)
    client.post(REGISTER, scene(district))
    address = reverse("issues:similar")
    by_item = client.get(address, {"item": district.item_b.name}).context["similar"]
    by_kind = client.get(address, {"category": category().pk, "needing_department": district.b.pk}).context["similar"]
    assert [other.issue.title for other in by_item] == [other.issue.title for other in by_kind] == [TITLE]
    for number in ("²", "9" * 30, "9" * 5000):
        wrong = {"category": number, "needing_department": number, "item": "?"}
        assert client.get(address, wrong).context["similar"] == []


def from_step(step: Any) -> str:
    return reverse("issues:register_from_step", args=[step.pk])


def test_a_blocked_step_raises_an_issue_with_everything(client: Client, district: District, director_a: User) -> None:
    step = walk(district, director_a)
    services.add_screenshot(director_a, upload(), step_run=step)
    client.force_login(director_a)
    assert client.get(from_step(step)).context["form"].initial["description"] == "要了复印件"
    response = client.post(from_step(step), problem(documents=["3"], pictures=[upload()]))
    assert response["Location"] == reverse("window_sessions:case_detail", args=[step.case_id])
    issue = Issue.objects.get()
    step.refresh_from_db()
    assert (step.result, step.issue_number) == (StepResult.BLOCKED, issue.number)
    assert (issue.item, issue.step_number, issue.window) == (district.item_b, 2, district.window_b)
    assert (issue.needing_department, list(issue.holding_departments.all())) == (district.b, [district.a])
    assert (issue.document_names, issue.found_by) == ("施工许可证", director_a)
    assert issue.screenshots.count() == 2
    assert issue.guide_revision == step.case.guide_revision


def test_a_step_is_blocked_once(client: Client, district: District, director_a: User) -> None:
    step = walk(district, director_a)
    client.force_login(director_a)
    data = problem()
    assert client.post(from_step(step), data).status_code == 302
    assert client.post(from_step(step), data).status_code == 302
    assert client.post(from_step(step), problem()).status_code == 409
    assert client.get(from_step(step)).status_code == 409
    assert Issue.objects.count() == 1


def test_a_step_needs_words(client: Client, district: District, director_a: User) -> None:
    step = walk(district, director_a)
    client.force_login(director_a)
    response = client.post(from_step(step), problem(title="", documents=["9"]))
    assert response.status_code == 400
    assert "逐车复印" in response.content.decode()
    step.refresh_from_db()
    assert step.result == ""


@pytest.mark.parametrize(("name", "status"), [("outsider", 404), ("director_b", 404), ("auditor", 403), ("guide", 200)])
def test_who_blocks_a_step(
    client: Client, district: District, director_a: User, request: pytest.FixtureRequest, name: str, status: int
) -> None:
    step = walk(district, director_a)
    client.force_login(request.getfixturevalue(name))
    assert client.get(from_step(step)).status_code == status


def test_a_guide_registers_on_behalf_of_the_director(
    client: Client, district: District, director_a: User, guide: User
) -> None:
    step = walk(district, director_a)
    client.force_login(guide)
    client.post(from_step(step), problem(pictures=[upload()]))
    issue = Issue.objects.get()
    assert (issue.registered_by, issue.found_by) == (guide, director_a)


@pytest.fixture
def feedback(district: District, director_a: User) -> Feedback:
    """A form with a text and a table of problems."""
    visit = walk(district, director_a).case.window_session
    answers = {"Q14": "建议合并两张表", "Q13": [{"环节": "受理", "场景描述": "多要一份复印件"}, "只有一行字"]}
    template = FeedbackTemplate.objects.create(version=1, name="第一版")
    return Feedback.objects.create(window_session=visit, template=template, answers=answers)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?question=Q14", "建议合并两张表"),
        ("?question=Q13&row=0", "环节：受理\n场景描述：多要一份复印件"),
        ("?question=Q13&row=1", "只有一行字"),
        ("?question=Q13&row=9", ""),
        ("?question=Q99", ""),
        ("", ""),
    ],
)
def test_a_line_of_feedback_fills_the_form(
    client: Client, feedback: Feedback, director_a: User, query: str, words: str
) -> None:
    client.force_login(director_a)
    page = client.get(reverse("issues:register_from_feedback", args=[feedback.pk]) + query)
    assert page.context["form"].initial["description"] == words


def test_a_suggestion_becomes_an_issue(client: Client, feedback: Feedback, director_a: User, outsider: User) -> None:
    address = reverse("issues:register_from_feedback", args=[feedback.pk])
    client.force_login(director_a)
    assert client.post(address, problem(title="")).status_code == 400
    assert client.post(address, problem()).status_code == 302
    issue = Issue.objects.get()
    assert (issue.source, issue.window_session) == (Source.FEEDBACK, feedback.window_session)
    client.force_login(outsider)
    assert client.get(address).status_code == 404


def test_who_may_not_read_the_feedback_raises_nothing_from_it(client: Client, feedback: Feedback, guide: User) -> None:
    address = reverse("issues:register_from_feedback", args=[feedback.pk])
    client.force_login(guide)
    page = client.get(address, {"question": "Q14"})
    assert page.status_code == 403
    assert "建议合并两张表" not in page.content.decode()
    assert client.post(address, problem()).status_code == 403
    assert not Issue.objects.exists()


def files() -> list[str]:
    """Every stored file's name."""
    folders = default_storage.listdir("images")[0] if default_storage.exists("images") else []
    return [name for folder in folders for name in default_storage.listdir(f"images/{folder}")[1]]


def test_what_is_rolled_back_leaves_no_file(client: Client, district: District, director_a: User) -> None:
    client.force_login(director_a)
    assert client.post(REGISTER, scene(district, pictures=[upload(), BAD["text"]()])).status_code == 400
    assert (Screenshot.objects.count(), files()) == (0, [])
    client.post(REGISTER, scene(district, pictures=[upload()]))
    assert (Screenshot.objects.count(), len(files())) == (1, 2)


@pytest.mark.parametrize("claim", ["1", "2,0,1", "0,0,2,NaN", "0,0,inf,1", "9" * 90, "0.5,0.5,0,0"])
def test_what_the_browser_claims_of_boxes_counts_for_nothing(
    client: Client, district: District, director_a: User, claim: str
) -> None:
    client.force_login(director_a)
    page = client.post(REGISTER, scene(district, pictures=[upload()], boxes=claim))
    assert page.status_code == 400
    assert not Screenshot.objects.exists()


def test_a_seam_of_the_catalogue_fills_the_form(client: Client, district: District, reform_officer: User) -> None:
    client.force_login(reform_officer)
    seam = {"item": district.item_b.code, "hold": district.c.code, "document": "营业执照", "title": "仍要交复印件"}
    form = client.get(REGISTER, seam).context["form"]
    assert (form["title"].value(), form["document_names"].value()) == ("仍要交复印件", "营业执照")
    assert list(form["holding_departments"].value()) == [district.c.pk]
    assert "holding_departments" not in client.get(REGISTER, {"hold": "\x00"}).context["form"].initial
