"""An unannounced sitting is known to those who plan and sit alone until it is over."""

import pytest

from accounts.models import User
from sessions.models import WindowSession
from sessions.permissions import session_of
from tests import factories
from tests.conftest import District
from tests.sessions.stage import published

KNOW = {"director_a", "hall_administrator", "reform_officer"}


@pytest.mark.parametrize(
    ("status", "knowing"),
    [
        ("draft", KNOW),
        ("published", KNOW),
        ("in_progress", KNOW | {"guide"}),
        ("awaiting_feedback", KNOW | {"guide", "liaison", "home_liaison"}),
        ("cancelled", KNOW),
    ],
)
def test_who_knows_of_an_unannounced_sitting(
    district: District, director_a: User, request: pytest.FixtureRequest, status: str, knowing: set[str]
) -> None:
    home = factories.grant(factories.make_user(department=district.a), "liaison", department=district.a)
    row = published(district, director_a, announced=False, status=status)
    names = ["director_a", "director_b", "guide", "liaison", "outsider", "hall_administrator", "reform_officer"]
    people = {name: request.getfixturevalue(name) for name in names} | {"home_liaison": home}
    seen = {name for name, user in people.items() if row in WindowSession.objects.visible_to(user)}
    assert seen == knowing


def test_what_belongs_to_no_session_is_asked_of_no_session() -> None:
    """A wrong object at the door is a mistake of ours and must not pass for somebody's session."""
    with pytest.raises(TypeError, match="User belongs to no window session"):
        session_of(User())
