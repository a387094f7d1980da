"""The cast of every test: eight people with fixed relations in a small hall.

`director_a` leads department A, `director_b` department B, the liaison serves department B (which owns the window
`window_b` at which A sits), the outsider belongs to department C that has nothing to do with anything.
"""

import gc
from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.db import connection, connections
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from accounts.choices import Role
from accounts.models import Department, User
from catalog.models import Hall, ServiceItem, Window
from core.calendar_models import CalendarDay
from core.calendar_services import seed
from sessions.models import Programme
from tests import factories

# Time measured inside a test says how busy the machine is, not whether the code is right.
hypothesis_settings.register_profile("huanwei", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("huanwei")


# Nothing of the libraries and models ever becomes garbage: looking through it over and over takes a tenth of the time.
gc.freeze()
gc.set_threshold(50_000, 20, 50)

YEARS = (2026, 2027)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--db-only", action="store_true", help="only tests that ask something of the database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With --db-only, keep the tests that ask for the database themselves or through a fixture, and for its engine."""
    if not config.getoption("--db-only"):
        return
    asking = {"db", "transactional_db", "live_server"}
    kept = [
        item
        for item in items
        if (item.get_closest_marker("django_db") or asking & set(getattr(item, "fixturenames", ())))
        and not item.get_closest_marker("one_engine")
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """No test asks whether its rows outlive a power cut: they need not be on the disk."""
    for database in connections.all():
        if database.vendor == "sqlite":
            options = database.settings_dict["OPTIONS"]
            options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """What every test finds: the calendar, whose 730 days took a third of each test's time when each wrote its own.

    Django asks SQLite once for its JSON functions; here, so that no test counts that question as its own.
    """
    with django_db_blocker.unblock():
        assert connection.features.supports_json_field
        seed(YEARS)


@dataclass
class District:
    """The stage on which the cast acts."""

    hall: Hall
    a: Department
    b: Department
    c: Department
    window_a: Window
    window_b: Window
    item_b: ServiceItem
    programme: Programme


@pytest.fixture(autouse=True)
def fast_passwords_and_plain_files(settings: pytest.FixtureRequest) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
    settings.STORAGES = {  # type: ignore[attr-defined]
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}  # type: ignore[attr-defined]
    # The first page of a sign-in writes when it began; here every page does, so that counts of queries are equal.
    settings.SESSION_SLIDES_AFTER = 0  # type: ignore[attr-defined]
    cache.clear()
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}  # type: ignore[attr-defined]


def make_district() -> District:
    """The stage itself, for tests that build their own world."""
    if not CalendarDay.objects.exists():
        # Tests with real transactions leave empty tables behind.
        seed(YEARS)
    hall = factories.make_hall(code="H01", name="望澜区政务服务中心")
    a = factories.make_department(code="D01", short_name="住建局")
    b = factories.make_department(code="D02", short_name="自然资源和规划局")
    c = factories.make_department(code="D03", short_name="市场监管局")
    window_a, window_b = factories.make_window(hall, a, number="A14"), factories.make_window(hall, b, number="A17")
    item = factories.make_item(b, window=window_b, pickup_window=window_b, has_simulation_pack=True)
    programme = factories.make_programme(hall, a, b, c)
    programme.handling_list.add(item)
    return District(hall, a, b, c, window_a, window_b, item, programme)


@pytest.fixture
def district(db: None) -> District:
    return make_district()


@pytest.fixture
def hall_administrator(district: District) -> User:
    user = factories.make_user(username="admin1", display_name="大厅管理员（示例）")
    return factories.grant(user, Role.HALL_ADMINISTRATOR, hall=district.hall)


@pytest.fixture
def guide(district: District) -> User:
    user = factories.make_user(username="guide1", display_name="导办员（示例）")
    return factories.grant(user, Role.GUIDE, hall=district.hall)


@pytest.fixture
def director_a(district: District) -> User:
    return factories.make_director(district.a, username="director_a", code="L001")


@pytest.fixture
def director_b(district: District) -> User:
    return factories.make_director(district.b, username="director_b", code="L002")


@pytest.fixture
def liaison(district: District) -> User:
    user = factories.make_user(username="liaison_b", display_name="规划局联络员（示例）", department=district.b)
    return factories.grant(user, Role.LIAISON, department=district.b)


@pytest.fixture
def reform_officer(db: None) -> User:
    user = factories.make_user(username="reform1", display_name="改革办（示例）")
    return factories.grant(user, Role.REFORM_OFFICE)


@pytest.fixture
def auditor(db: None) -> User:
    return factories.grant(factories.make_user(username="auditor1", display_name="审计员（示例）"), Role.AUDITOR)


@pytest.fixture
def experience_officer(district: District) -> User:
    user = factories.make_user(username="officer1", display_name="体验员（示例）")
    return factories.grant(user, Role.EXPERIENCE_OFFICER, hall=district.hall)


@pytest.fixture
def outsider(district: District) -> User:
    user = factories.make_user(username="outsider", display_name="市场监管局联络员（示例）", department=district.c)
    return factories.grant(user, Role.LIAISON, department=district.c)
