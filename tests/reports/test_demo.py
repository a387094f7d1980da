"""The demo district as a new installation gets it: true states, real ledgers, one log-in a role."""

from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.choices import Role
from accounts.models import User
from issues.models import Issue, Screenshot
from sessions.choices import SessionStatus
from sessions.models import WindowSession

TRUE_STATES = {"rectifying": 33, "closed": 29, "assigned": 10, "awaiting_verification": 6, "registered": 2}


@pytest.fixture
def demo(db: None, settings: pytest.FixtureRequest, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path  # type: ignore[attr-defined]
    call_command("load_demo", as_of=None)
    return tmp_path / "demo-logins.txt"


def test_the_demo_is_a_district_in_full_swing(demo: Path) -> None:
    assert Counter(Issue.objects.values_list("status", flat=True)) == TRUE_STATES
    assert Screenshot.objects.count() == 12
    states = set(WindowSession.objects.values_list("status", flat=True))
    assert states == set(SessionStatus.values)
    call_command("verify_ledger")
    lines = [line.split() for line in demo.read_text(encoding="utf-8").splitlines()]
    assert {role for role, _name, _password in lines} == set(Role.values)
    assert all(User.objects.get(username=name).check_password(password) for _role, name, password in lines)
    assert demo.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match="already has people"):
        call_command("load_demo", as_of=None)
