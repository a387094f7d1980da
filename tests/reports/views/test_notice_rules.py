"""Who gets what: read by all, changed by hall administrators, from now on, with a history."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core import clock
from core.models import Notice, NoticeRule
from core.notice_kinds import KINDS
from core.rule_models import Rules, settle
from issues import reminding
from issues.choices import IssueStatus
from reports import rule_services, rules
from tests.issues.stages import Stage
from tests.reports.conftest import WEDNESDAY

TABLE = reverse("upkeep:notice_rules")


def page(kind: str) -> str:
    return reverse("upkeep:change_rule", args=[kind])


@pytest.fixture
def administrator(client: Client, stage: Stage, hall_administrator: User) -> User:
    client.force_login(hall_administrator)
    return hall_administrator


def save(client: Client, kind: str, **given: Any) -> Any:
    version = client.get(page(kind)).context["form"].initial["version"]
    return client.post(page(kind), {"version": version} | given)


def test_everybody_reads_the_table_and_only_administrators_see_the_switches(
    client: Client, administrator: User, auditor: User
) -> None:
    assert page("overdue") in client.get(TABLE).text
    client.force_login(auditor)
    answer = client.get(TABLE)
    assert len(answer.context["rows"]) == len(KINDS)
    assert page("overdue") not in answer.text


def test_a_switch_holds_from_now_and_its_change_is_kept(client: Client, administrator: User) -> None:
    assert save(client, "overdue", inbox=["director"], mail=["director"]).status_code == 302
    held = Rules.load()
    assert [role for role in KINDS["overdue"].roles if held.on("overdue", role, "inbox")] == ["director"]
    assert held.rows[("overdue", "director", "mail")][1] == WEDNESDAY
    assert sorted((one.role, one.enabled) for one in NoticeRule.history.all()) == [
        ("director", True),
        ("liaison", False),
        ("reform_office", False),
    ]
    assert {one.who for one in rules.past()} == {administrator.display_name}


def test_saving_what_holds_changes_nothing(client: Client, administrator: User) -> None:
    settle()
    save(client, "overdue", inbox=list(KINDS["overdue"].roles))
    assert NoticeRule.history.count() == 0


def test_a_rule_turned_on_tells_nothing_of_what_was_over_before(
    client: Client, administrator: User, stage: Stage
) -> None:
    settle()
    save(client, "overdue", inbox=["liaison"])
    stage.issue(IssueStatus.RECTIFYING)
    with clock.at(WEDNESDAY + timedelta(days=27)):
        save(client, "overdue", inbox=["liaison", "reform_office"])
        form = client.get(page("overdue")).context["form"]
        assert "1 人" in dict(form.fields["inbox"].choices)["reform_office"]
    with clock.at(WEDNESDAY + timedelta(days=27, minutes=30)):
        reminding.remind_due()
    assert list(Notice.objects.filter(kind="overdue").values_list("recipient", flat=True)) == [stage.lead.pk]


def test_a_stale_form_is_refused(client: Client, administrator: User) -> None:
    save(client, "overdue", inbox=[])
    assert client.post(page("overdue"), {"version": 7, "inbox": ["liaison"]}).status_code == 409


@pytest.mark.parametrize("sent", [{"inbox": ["auditor"]}, {"inbox": ["liaison"], "version": "x"}])
def test_an_unknown_role_or_version_is_a_form_error(client: Client, administrator: User, sent: Any) -> None:
    assert client.post(page("overdue"), {"version": 0} | sent).status_code == 400
    assert NoticeRule.objects.count() == 0


def test_the_inbox_of_an_act_cannot_be_turned_off(client: Client, administrator: User) -> None:
    assert save(client, "assigned", inbox=[]).status_code == 302
    assert NoticeRule.history.count() == 0
    assert "inbox" not in client.get(page("assigned")).context["form"].fields


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_its_switches(
    client: Client, administrator: User, kind: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        assert client.get(page(kind)).status_code == 200


def test_the_table_costs_few_queries(client: Client, administrator: User, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(12):
        client.get(TABLE)


def test_there_is_no_other_kind(client: Client, administrator: User) -> None:
    assert client.get(page("nonsense")).status_code == 404


def test_two_first_changes_at_once_are_one_and_a_stale_form(
    client: Client, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(kind: str, change: rule_services.Change, _actor: User) -> None:
        for _ in "ab":  # the row that was not there a moment ago is there now
            NoticeRule.objects.create(kind=kind, role=change.role, channel=change.channel)

    monkeypatch.setattr(rule_services, "_turn", late)
    assert save(client, "figures", group=["everybody"]).status_code == 409
    assert not NoticeRule.objects.exists()
