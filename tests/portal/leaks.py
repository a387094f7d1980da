"""A week that could give something away: one announced sitting on the roster, one unannounced of the same people."""

from dataclasses import dataclass

from accounts.models import User
from core import clock
from sessions import services
from sessions.models import WindowSession
from tests import factories
from tests.conftest import District
from tests.sessions.planning import BEFORE, MONDAY, TUESDAY, change, put

SECRET = "秘密局局长"
"""Who sits unannounced: nothing open may hold these words before it has ended."""


@dataclass
class Week:
    """The announced session, and the unannounced one that is out but nowhere to be seen."""

    open: WindowSession
    secret: WindowSession
    secret_director: User


def build(district: District, director: User, administrator: User) -> Week:
    """Both confirmed and published; the unannounced one sits on Tuesday at window A18."""
    department = factories.make_department(short_name="秘密局")
    district.programme.departments.add(department)
    visitor = factories.make_director(department)
    window = factories.make_window(district.hall, district.b, number="A18")
    with clock.at(BEFORE):
        open_one = services.confirm(put(district, director, administrator), director)
        services.publish_week(district.hall, MONDAY, administrator)
        change(district.programme, announced=False)
        secret = services.confirm(put(district, visitor, administrator, window=window, date=TUESDAY), visitor)
        services.publish_week(district.hall, MONDAY, administrator)
    for row in (open_one, secret):
        row.refresh_from_db()
    assert secret.status == "published"
    return Week(open_one, secret, visitor)
