"""What the catalogue costs at the size of a big city: search among 20,000 items, seams of 1,200 items × 60 departments.

The rows are made inside the transaction of `manage.py bench`, which is rolled back.
"""

import random
import statistics
from collections.abc import Iterator
from itertools import islice
from time import perf_counter
from typing import Any

from simple_history.utils import bulk_create_with_history

from accounts.models import Department, User
from catalog import seams
from catalog.choices import (
    DocumentForm,
    DocumentSource,
    Handling,
    ItemType,
    Necessity,
    OnlineDepth,
    Relation,
)
from catalog.filters import in_order
from catalog.models import (
    Prerequisite,
    ProcedureStep,
    RequiredDocument,
    ServiceItem,
    Window,
)
from catalog.seam_rows import load
from catalog.services import initials
from catalog.views.items import page_of

Line = dict[str, Any]
DEPARTMENTS = 60
SEAM_ITEMS, SEARCH_ITEMS = 1_200, 20_000
PAPERS = 300
"""Different documents that the synthetic items ask for, four each."""
WORDS = ("施工许可", "jzgcsg", "D07 变更", "营业执照", "%", "没有这样的事项")
_WHAT = (
    "建筑工程施工",
    "食品经营",
    "特种设备使用",
    "户外广告设置",
    "医疗机构执业",
    "人力资源服务",
    "城市道路占用",
    "取水",
)
_ACT = ("许可证核发", "许可变更", "许可延续", "备案", "登记注销", "补发")


def grow(total: int, seed: int = 1) -> None:
    """Synthetic items up to `total` published ones, over at least 60 departments, with steps, documents, relations."""
    chance = random.Random(seed)  # noqa: S311
    have = Department.objects.count()
    more = [
        Department(code=f"BX{n:03}", name=f"测算部门{n}", short_name=f"测算{n}", sort_order=900 + n)
        for n in range(have, DEPARTMENTS)
    ]
    if more:
        bulk_create_with_history(more, Department)
    departments, windows = list(Department.objects.all()[:DEPARTMENTS]), list(Window.objects.all()[:200])
    first = ServiceItem.objects.count()
    items = [_item(n, chance, departments, windows) for n in range(first, total)]
    for part in _chunks(items):
        bulk_create_with_history(part, ServiceItem)
    for part in _chunks(step for item in items for step in _steps(item, chance, windows)):
        ProcedureStep.objects.bulk_create(part)
    for part in _chunks(paper for item in items for paper in _papers(item, chance, departments)):
        RequiredDocument.objects.bulk_create(part)
    Prerequisite.objects.bulk_create(
        Prerequisite(item=one, related=other, relation=Relation.BEFORE)
        for one, other in zip(items[::4], items[1::4], strict=False)
    )


def _chunks(rows: Any, size: int = 2_000) -> Iterator[list[Any]]:
    left = iter(rows)
    while part := list(islice(left, size)):
        yield part


def _item(n: int, chance: random.Random, departments: list[Department], windows: list[Window]) -> ServiceItem:
    name = f"{chance.choice(_WHAT)}{chance.choice(_ACT)}（{n}）"
    window = chance.choice(windows) if windows else None
    return ServiceItem(
        code=f"BX-{n:06}",
        name=name,
        initials=initials(name),
        department=departments[n % len(departments)],
        item_type=ItemType.PERMIT,
        handling=Handling.COMMITTED,
        statutory_days=20,
        committed_days=chance.randint(1, 15),
        for_companies=True,
        online=True,
        online_depth=OnlineDepth.PRECHECK,
        trips=n % 3,
        window=window,
        pickup_window=chance.choice(windows) if windows else None,
    )


def _steps(item: ServiceItem, chance: random.Random, windows: list[Window]) -> Iterator[ProcedureStep]:
    for number, name in enumerate(("受理", "审查", "决定", "送达"), 1):
        window = chance.choice(windows) if windows and number == 1 else None
        signed = chance.randint(0, 3)
        yield ProcedureStep(
            item=item, number=number, name=name, days=1, signatures=signed, channel="线上", window=window
        )


def _papers(item: ServiceItem, chance: random.Random, departments: list[Department]) -> Iterator[RequiredDocument]:
    for number, paper in enumerate(chance.sample(range(PAPERS), 4), 1):
        yield RequiredDocument(
            item=item,
            number=number,
            code=f"BXC{paper:03}",
            name=f"测算材料{paper}号",
            form=chance.choice((DocumentForm.COPY, DocumentForm.ORIGINAL, DocumentForm.ELECTRONIC)),
            source_kind=DocumentSource.GOVERNMENT,
            source_department=departments[paper % len(departments)],
            necessity=Necessity.REQUIRED,
            shareable=paper % 2 == 0,
        )


def _timed(act: Any, rounds: int) -> tuple[Any, float]:
    taken, result = [], act()
    for _n in range(rounds):
        start = perf_counter()
        result = act()
        taken.append((perf_counter() - start) * 1000)
    return result, round(statistics.median(taken), 1)


def seam_line(rounds: int) -> Line:
    """Read and find all seams."""
    grow(SEAM_ITEMS)
    found, ms = _timed(lambda: seams.find(load()), max(1, rounds // 5))
    size = {"items": ServiceItem.objects.published().count(), "departments": Department.objects.count()}
    return {"seams": len(found), **size, "ms": ms}


def search_lines(user: User, rounds: int) -> Iterator[Line]:
    """One line a search: the number of hits and the first page of the list, as its page asks for them."""
    grow(SEARCH_ITEMS)
    total = ServiceItem.objects.count()
    for words in WORDS:

        def look(words: str = words) -> tuple[int, list[ServiceItem]]:
            page = page_of(in_order(ServiceItem.objects.visible_to(user).search(words), ""), "1")
            return page.paginator.count, list(page)

        (hits, _page), ms = _timed(look, rounds)
        yield {"search": words, "items": total, "hits": hits, "ms": ms}
