"""The page of today: every role finds its own work, and each number leads to as many rows."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.choices import Role
from accounts.models import User
from catalog.proposal_services import decline_change
from core import clock
from issues.choices import IssueStatus
from issues.models import FollowUp, Issue
from issues.services import request_extension
from issues.waiting import LABELS
from reports import today
from sessions.models import Programme, WindowSession
from sessions.services import start
from tests import factories
from tests.conftest import District
from tests.issues.stages import Stage
from tests.reports.conftest import WEDNESDAY, many

QUERIES = 12


def page(client: Client, user: User) -> str:
    client.force_login(user)
    answer = client.get(reverse("home"))
    assert answer.status_code == 200
    return answer.content.decode()


def groups(user: User) -> dict[str, int]:
    return {group.name: group.count for group in today.build(User.objects.get(pk=user.pk)).groups}


def queries(client: Client, user: User) -> int:
    client.force_login(user)
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("home"))
    return sum("SAVEPOINT" not in query["sql"] for query in captured)


def test_liaison_finds_what_the_department_has_to_do(work: Stage) -> None:
    assert groups(work.lead) == {"supervision": 1, "acknowledge": 1, "rectify": 4}


def test_reform_office_finds_what_it_has_to_decide(work: Stage) -> None:
    FollowUp.objects.filter(kind="day_30").update(due_on=clock.today())
    assert groups(work.office) == {"extension": 1, "triage": 3, "verify": 1, "look_back": 1, "pictures": 1}


def test_supporting_department_finds_its_task(work: Stage, outsider: User) -> None:
    assert groups(outsider) == {"acknowledge": 1, "task": 1}


def test_director_finds_own_sittings_and_finds(sittings: Stage) -> None:
    sittings.issue()
    assert groups(sittings.finder) == {"feedback": 1, "confirm": 1, "finds": 1}


def test_hall_administrator_finds_the_day_and_what_is_not_settled(sittings: Stage, hall_administrator: User) -> None:
    assert groups(hall_administrator) == {"missed": 1, "hall": 1, "names": 1}
    weeks = today.build(hall_administrator).unpublished
    assert [(week.confirmed, week.drafts) for week in weeks] == [(1, 1)]


def test_roles_add_up(work: Stage) -> None:
    factories.grant(work.lead, Role.REFORM_OFFICE)
    assert {"supervision", "rectify", "triage", "verify"} <= set(groups(work.lead))


def test_every_number_equals_the_length_of_its_list(work: Stage, outsider: User, client: Client) -> None:
    for user in (work.lead, work.office, work.finder, outsider):
        client.force_login(user)
        for group in today.build(User.objects.get(pk=user.pk)).groups:
            listed = client.get(group.url).context["list"].counts["total"]
            assert listed == group.count, (user.username, group.name)


def test_submit_is_disabled_with_its_reason_while_a_task_is_open(work: Stage, client: Client) -> None:
    text = page(client, work.lead)
    assert re.search(r"<button type=\"button\" class=\"btn btn-tonal\" disabled>", text)
    assert str(work.district.c) in text


def test_acts_in_the_row_lead_to_their_pages(work: Stage, client: Client) -> None:
    text = page(client, work.lead)
    issue = Issue.objects.get(status=IssueStatus.ASSIGNED, lead_department=work.district.b)
    assert reverse("issues:acknowledge", args=[issue.pk]) in text
    assert reverse("issues:send_back", args=[issue.pk]) in text


def test_a_verified_issue_offers_the_close_out(stage: Stage, client: Client) -> None:
    issue = stage.verify(stage.issue(IssueStatus.AWAITING_VERIFICATION))
    assert reverse("issues:close_out", args=[issue.pk]) in page(client, stage.office)


def test_todays_session_stands_first_with_one_button(sittings: Stage, client: Client) -> None:
    text = page(client, sittings.finder)
    row = WindowSession.objects.get(date=clock.today())
    assert reverse("window_sessions:start", args=[row.pk]) in text
    assert "08:30–12:00" in text


def test_a_session_left_open_stays_in_sight(sittings: Stage, guide: User, client: Client) -> None:
    row = WindowSession.objects.get(date=date(2026, 5, 19))
    with clock.at(WEDNESDAY - timedelta(days=1)):
        start(row, sittings.finder)
    text = page(client, sittings.finder)
    assert "05-19（周二）上午的坐班还没有结束" in text
    assert reverse("window_sessions:run", args=[row.pk]) in text
    assert groups(guide) == {"left_open": 1, "hall": 1}


def test_a_director_confirms_in_the_row(sittings: Stage, client: Client) -> None:
    row = WindowSession.objects.get(status="draft")
    assert reverse("window_sessions:confirm", args=[row.pk]) in page(client, sittings.finder)
    address = reverse("window_sessions:confirm", args=[row.pk])
    answer = client.post(address, {"version": row.version, "next": reverse("home")})
    row.refresh_from_db()
    assert (answer.headers["Location"], row.status) == (reverse("home"), "confirmed")


def test_auditor_sees_states_and_latest_records(work: Stage, auditor: User, client: Client) -> None:
    overview = today.build(auditor).overview
    assert overview is not None
    assert sum(n for _state, n, _url in overview.states) == Issue.objects.count()
    assert len(overview.events) == 10
    assert overview.events[0].issue.number in page(client, auditor)


def test_nothing_to_do_says_what_will_bring_it(outsider: User, client: Client) -> None:
    empty = today.build(outsider).empty
    assert empty is not None
    assert str(empty.text) in page(client, outsider)


def test_an_empty_hall_is_led_to_its_first_steps(reform_officer: User, client: Client) -> None:
    assert reverse("catalog:import_start") in page(client, reform_officer)


def test_without_a_programme_the_administrator_may_create_one(hall_administrator: User, client: Client) -> None:
    Programme.objects.all().delete()
    assert reverse("window_sessions:programme_create") in page(client, hall_administrator)


def test_a_person_without_a_role_is_told_whom_to_ask(client: Client, db: None) -> None:
    assert "count-tile" not in page(client, factories.make_user())


def test_a_proposal_waits_for_the_offices_and_comes_back_to_its_author(
    district: District, hall_administrator: User, liaison: User, client: Client
) -> None:
    proposal = factories.make_proposal(district.item_b, liaison)
    assert (groups(hall_administrator), groups(liaison)) == ({"proposals": 1}, {})
    assert reverse("catalog:proposal_detail", args=[proposal.pk]) in page(client, hall_administrator)
    decline_change(proposal, hall_administrator, reason="窗口不同意")
    assert (groups(hall_administrator), groups(liaison)) == ({}, {"declined": 1})
    assert "窗口不同意" in page(client, liaison)
    factories.make_proposal(district.item_b, liaison)
    assert groups(liaison) == {}


@pytest.mark.parametrize("role", ["lead", "office", "finder"])
def test_query_count_stays_within_bounds(work: Stage, sittings: Stage, client: Client, role: str) -> None:
    user = getattr(work, role)
    few = queries(client, user)
    many(work, 29)
    assert (queries(client, user), few <= QUERIES) == (few, True)


def test_all_roles_at_once_stay_within_the_bound(work: Stage, sittings: Stage, client: Client) -> None:
    for role in (Role.REFORM_OFFICE, Role.AUDITOR):
        factories.grant(work.lead, role)
    factories.grant(work.lead, Role.HALL_ADMINISTRATOR, hall=work.district.hall)
    few = queries(client, work.lead)
    for issue in many(work, 29)[:8]:
        # The office's own department leads now: who took part is asked of each request.
        request_extension(issue, work.lead, days=3, reason="等省厅批复")
    assert (queries(client, work.lead), few <= QUERIES) == (few, True)


def test_eight_rows_at_most_and_a_link_to_the_rest(stage: Stage, client: Client) -> None:
    many(stage, 10)
    group = today.build(stage.lead).groups[0]
    assert (group.count, len(group.rows)) == (10, 8)
    assert group.url in page(client, stage.lead).replace("&amp;", "&")


def test_every_kind_of_waiting_has_a_word() -> None:
    assert all(str(label) for label in LABELS.values())


def test_the_office_is_one_click_from_the_seams(work: Stage, client: Client) -> None:
    assert reverse("catalog:seam_matrix") in page(client, work.office)
    assert reverse("catalog:seam_matrix") not in page(client, work.lead)
