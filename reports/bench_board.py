"""A week board as wide as a large city's hall, for the measurements."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse

from accounts.choices import Rank, Role
from accounts.models import Department, Posting, RoleGrant, User
from catalog.choices import Half, WindowKind
from catalog.models import Hall, Window, Zone
from core import clock
from sessions.choices import Mode, ProgrammeKind, QuotaPeriod
from sessions.models import Programme, Quota, WindowSession
from sessions.weeks import Week

WINDOWS = 200


@contextmanager
def wide_board() -> Iterator[tuple[str, User]]:
    """The address of a board of 200 windows × 10 half-days, three cells in ten taken, and who opens it.

    Made for this and rolled back afterwards.
    """
    with transaction.atomic():
        yield _wide_programme(), _office()
        transaction.set_rollback(True)


def _office() -> User:
    user = User.objects.create(username="bench-office", display_name="bench")
    RoleGrant.objects.create(user=user, role=Role.REFORM_OFFICE)
    return user


def _wide_programme() -> str:
    """The address of a programme's board, with its hall, windows, directors and sessions."""
    monday = Week.of(clock.today()).monday + timedelta(weeks=60)
    hall = Hall.objects.create(code="BENCH", name="bench")
    zone = Zone.objects.create(hall=hall, name="bench")
    departments = [
        Department.objects.create(code=f"BENCH{n}", name=f"bench {n}", short_name=f"bench {n}") for n in range(20)
    ]
    windows = [_desk(hall, zone, departments[n % 20], n) for n in range(WINDOWS)]
    programme = Programme.objects.create(
        code="BENCH",
        name="bench",
        kind=ProgrammeKind.CROSS,
        modes=[Mode.CLERK.value],
        starts_on=monday,
        ends_on=monday + timedelta(days=4),
    )
    programme.halls.add(hall)
    programme.departments.set(departments)
    Quota.objects.create(programme=programme, rank=Rank.PRINCIPAL, period=QuotaPeriod.PROGRAMME, minimum=1)
    cells = [(window, day, half) for window in windows for day in range(5) for half in Half.values]
    people = [_leader(departments[n % 20], n) for n in range(WINDOWS)]
    rows = [
        WindowSession(
            programme=programme,
            director=people[n // 10 % WINDOWS],
            rank=Rank.PRINCIPAL,
            home_department=people[n // 10 % WINDOWS].department,
            window=window,
            host_department=departments[(n // 10 + 1) % 20],
            date=monday + timedelta(days=day),
            half=half,
        )
        for n, (window, day, half) in enumerate(cells)
        if n % 10 < 3
    ]
    WindowSession.objects.bulk_create(rows)
    return f"{reverse('window_sessions:board', args=[programme.pk])}?week={Week.of(monday).key}"


def _desk(hall: Hall, zone: Zone, department: Department, number: int) -> Window:
    fields = {"kind": WindowKind.DEPARTMENT, "is_desk": True, "desk_am": True, "desk_pm": True}
    names = {"number": f"B{number:03}", "name": f"bench {number}"}
    return Window.objects.create(hall=hall, zone=zone, department=department, **names, **fields)


def _leader(department: Department, number: int) -> User:
    user = User.objects.create(username=f"bench-{number}", display_name=f"bench {number}", department=department)
    post = {"title": "bench", "rank": Rank.PRINCIPAL, "starts_on": date(2020, 1, 1)}
    Posting.objects.create(user=user, department=department, **post)
    return user
