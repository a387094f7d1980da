"""What the main pages cost on the data at hand: queries, milliseconds, kilobytes."""

import gzip
import io
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from accounts.choices import Role
from accounts.models import User
from catalog.models import Hall, ServiceItem
from core import images, ledger
from issues.models import Issue, IssueEvent
from reports import catalogue_bench, rotation_bench
from reports.bench_board import wide_board
from sessions.choices import SessionStatus
from sessions.models import Programme, SessionEvent, WindowSession

MEGAPIXELS_12 = (4000, 3000)
Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A page to measure: its name, its address, and who opens it (nobody: the public)."""

    name: str
    url: str
    user: User | None


def pages() -> list[Page]:
    """The main pages, as far as the data at hand has something to show on them."""
    office, liaison = _holder(Role.REFORM_OFFICE), _holder(Role.LIAISON)
    sitting = WindowSession.objects.filter(status=SessionStatus.IN_PROGRESS).first()
    sitting = sitting or WindowSession.objects.exclude(started_at=None).last()
    director = sitting.director if sitting else User.objects.filter(postings__isnull=False).first()
    wanted = [
        ("home_director", "home", None, director),
        ("home_liaison", "home", None, liaison),
        ("home_reform_office", "home", None, office),
        ("register", "issues:issue_list", None, office),
        ("issue_detail", "issues:issue_detail", Issue.objects.exclude(closed_at=None).first(), office),
        ("board", "window_sessions:board", Programme.objects.first(), _holder(Role.HALL_ADMINISTRATOR)),
        ("catalogue", "catalog:item_list", None, office),
        ("item", "catalog:item_detail", ServiceItem.objects.first(), office),
        ("dashboard", "reports:dashboard", None, office),
        ("run", "window_sessions:run", sitting, director),
    ]
    found = [Page(name, _address(route, row), user) for name, route, row, user in wanted if user and _there(route, row)]
    if office is not None:
        found += [
            Page(f"register_{name}", f"{_address('issues:issue_list', None)}?{q}", office) for name, q in REGISTER
        ]
    hall = Hall.objects.first()
    public = [Page("roster", reverse("portal:roster"), None)]
    return found + public + ([Page("display", reverse("portal:display", args=[hall.code]), None)] if hall else [])


ALONE = {"home", "issues:issue_list", "catalog:item_list", "reports:dashboard"}
"""Pages that need no object."""


REGISTER = [
    ("all", "state=all"),
    ("closed", "state=closed"),
    ("suspended", "state=suspended"),
    ("by_due", "sort=due"),
    ("red", "light=red"),
    ("yellow", "light=yellow"),
    ("nothing_found", "state=all&q=qzxv"),
]
"""Ways to read page 1 of the register whose cost could grow with its length."""


def _there(route: str, row: Any) -> bool:
    return route in ALONE or row is not None


def _address(route: str, row: Any) -> str:
    return reverse(route) if row is None else reverse(route, args=[row.pk])


def _holder(role: Role) -> User | None:
    return User.objects.filter(role_grants__role=role).first()


def measure(page: Page, rounds: int) -> Line:
    """Open the page `rounds` times after one warm-up, through the whole stack but the network."""
    client = Client(headers={"accept-language": "zh-hans"})
    if page.user is not None:
        client.force_login(page.user)
    answer = client.get(page.url)
    with CaptureQueriesContext(connection) as captured:
        client.get(page.url)
    # Read before the next request starts: each one empties Django's log of queries.
    queries = sum("SAVEPOINT" not in query["sql"] for query in captured)
    taken = sorted(_milliseconds(lambda: client.get(page.url)) for _n in range(rounds))
    return {
        "page": page.name,
        "status": answer.status_code,
        "queries": queries,
        "ms_median": round(statistics.median(taken), 1),
        "ms_p95": round(taken[min(rounds - 1, int(rounds * 0.95))], 1),
        "kb_gz": round(len(gzip.compress(answer.content)) / 1024, 1),
    }


def _milliseconds(act: Callable[[], Any]) -> float:
    start = perf_counter()
    act()
    return (perf_counter() - start) * 1000


def picture() -> Line:
    """The image door with a noisy JPEG of 12 megapixels."""
    buffer = io.BytesIO()
    Image.effect_noise(MEGAPIXELS_12, 40).convert("RGB").save(buffer, "JPEG", quality=85)
    upload = SimpleUploadedFile("bench.jpg", buffer.getvalue(), "image/jpeg")
    taken = _milliseconds(lambda: images.sanitise(upload))
    return {"image": "12 MP JPEG", "kb": round(len(buffer.getvalue()) / 1024), "ms": round(taken, 1)}


def chains() -> Line:
    """Both ledgers, proven from the first event to the last."""
    start = perf_counter()
    breaks = sum(1 for model in (IssueEvent, SessionEvent) for _found in ledger.verify(model))
    events = IssueEvent.objects.count() + SessionEvent.objects.count()
    return {"ledger": events, "breaks": breaks, "ms": round((perf_counter() - start) * 1000, 1)}


def page_lines(rounds: int, only: str) -> Iterator[Line]:
    """One line for each page whose name begins with `only`, after one that says how long the register is."""
    yield {"issues": Issue.objects.count(), "engine": connection.vendor}
    for page in pages():
        if page.name.startswith(only):
            yield measure(page, rounds)


def lines(rounds: int) -> Iterator[Line]:
    """The pages, the widest board, the image door, the ledgers, the rotation, the catalogue of a big city."""
    yield from page_lines(rounds, "")
    with wide_board() as (url, user):
        yield measure(Page("board_200_windows", url, user), rounds)
    yield picture()
    yield chains()
    yield from rotation_bench.lines()
    # Last: its thousands of items would weigh on every other line.
    office = _holder(Role.REFORM_OFFICE)
    yield catalogue_bench.seam_line(rounds)
    if office is not None:
        yield from catalogue_bench.search_lines(office, rounds)
