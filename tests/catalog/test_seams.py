"""The finders over plain rows, and the same over a whole district and over a large one."""

import time
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from catalog import seam_words, seams
from catalog.choices import DocumentForm, ItemStatus, Relation, SeamKind
from catalog.models import Prerequisite, SeamRuling, ServiceItem
from catalog.seam_rows import BeforeRow, DocumentRow, ItemRow, MemberRow, Rows, StepRow, load
from tests import factories
from tests.conftest import District

A, B, C = 1, 2, 3
"""Departments."""


def item(pk: int, department: int = A, **given: Any) -> ItemRow:
    plain = ItemRow(
        pk, f"I{pk}", f"事项{pk}", department, "证", True, 1, "主厅", Decimal(0), 1, "主厅", Decimal(0), None
    )
    return plain._replace(**given)


def step(pk: int, number: int, **given: Any) -> StepRow:
    plain = StepRow(pk, number, f"环节{number}", "审核岗", "科室", "系统", 0, True, "", None, None, None, None, None)
    return plain._replace(**given)


def paper(pk: int, code: str, source: int | None = None, **given: Any) -> DocumentRow:
    plain = DocumentRow(pk, 1, code, code, DocumentForm.COPY, 1, "A4", "required", source is not None, source)
    return plain._replace(**given)


def rows(*items: ItemRow, **given: Any) -> Rows:
    return Rows({one.pk: one for one in items}, **given)


def kinds(found: list[seams.Seam]) -> list[tuple[str, int | None]]:
    return [(seam.kind, seam.hold) for seam in found]


def test_a_shareable_document_of_another_department_is_a_seam() -> None:
    (seam,) = seams.find(rows(item(1), documents=[paper(1, "YYZZ", B)]))
    assert (seam.kind, seam.pair, seam.strength, seam.key) == ("HELD_ELSEWHERE", (A, B), 2, "HELD_ELSEWHERE:I1:YYZZ")


@pytest.mark.parametrize(
    "given", [{"form": DocumentForm.NOT_SUBMITTED}, {"shareable": False}, {"source": A}, {"source": None}]
)
def test_no_seam_where_nothing_is_asked_or_nothing_can_be_fetched(given: dict[str, Any]) -> None:
    assert seams.find(rows(item(1), documents=[paper(1, "YYZZ", B)._replace(**given)])) == []


@pytest.mark.parametrize(
    ("given", "strength"),
    [({"form": DocumentForm.ORIGINAL}, 3), ({"form": DocumentForm.ELECTRONIC}, 1), ({"necessity": "later"}, 1)],
)
def test_an_original_weighs_more_than_an_upload(given: dict[str, Any], strength: int) -> None:
    assert seams.find(rows(item(1), documents=[paper(1, "X", B, **given)]))[0].strength == strength


def test_the_unusual_format_is_the_clash() -> None:
    papers = [paper(pk, "ZP") for pk in (1, 2)] + [paper(3, "ZP", format="A3", copies=2)]
    (seam,) = seams.find(rows(item(1), item(2, B), item(3, C), documents=papers))
    assert (seam.kind, seam.item.pk, seam.hold, seam.strength) == (SeamKind.FORMAT_CLASH, 3, A, 2)
    assert seam.facts == {"usual": (DocumentForm.COPY, 1, "A4"), "times": 2, "of": 3}


def test_formats_of_one_department_are_no_seam() -> None:
    papers = [paper(1, "ZP"), paper(2, "ZP", format="A3")]
    assert seams.find(rows(item(1), item(2), documents=papers)) == []


def test_two_signatures_online_or_several_posts() -> None:
    steps = [
        step(1, 1, signatures=2),
        step(1, 2, signatures=1, post="经办人、科长"),
        step(1, 3, signatures=1),
        step(1, 4, signatures=2, channel="现场"),
    ]
    found = seams.find(rows(item(1), steps=steps))
    assert [(seam.steps, seam.strength, seam.hold) for seam in found] == [([2], 2, None), ([1], 1, None)]
    assert seams.find(rows(item(1, online=False), steps=steps)) == []
    assert len(seams.find(rows(item(1, online=False), steps=[step(1, 1, signatures=3, channel="线上")]))) == 1


def test_windows_of_one_hall_but_not_those_in_passing() -> None:
    def at(number: int, window: int, **given: Any) -> StepRow:
        return step(1, number, **({"window": window, "window_number": f"A{window}", "hall": 1} | given))

    passing = [at(1, 14), at(2, 20, window_kind="pickup"), at(3, 21, counted=False), at(4, 22, hall=None)]
    assert seams.find(rows(item(1), steps=passing)) == []
    (seam,) = seams.find(rows(item(1), steps=[*passing, at(5, 15), at(6, 16, department=B)]))
    assert (seam.kind, seam.strength, seam.hold, seam.steps) == (SeamKind.SEVERAL_WINDOWS, 4, B, [1, 5, 6])


def test_picked_up_elsewhere_with_the_kilometres() -> None:
    far = item(1, pickup_hall=2, pickup_hall_name="分厅", pickup_km=Decimal("6.2"))
    (seam,) = seams.find(rows(far))
    assert (seam.facts["km"], seam.strength, seam.hold) == (Decimal("6.2"), 4, None)
    assert "6.2" in seam_words.title(seam)


@pytest.mark.parametrize(
    ("note", "papers", "hall", "strength"),
    [("可并联推进", [], 2, 5), ("", [], 1, 3), ("", [], 2, 0), ("", [("X", False)], 1, 0), ("", [("X", True)], 1, 3)],
)
def test_a_prerequisite_that_could_run_in_parallel(note: str, papers: list[Any], hall: int, strength: int) -> None:
    documents = [paper(1, code, B, shareable=shareable, form="not_submitted") for code, shareable in papers]
    world = rows(item(1), item(2, B, hall=hall), documents=documents, before=[BeforeRow(1, 2, note)])
    found = [seam for seam in seams.find(world) if seam.kind == SeamKind.PREREQUISITE_ELSEWHERE]
    assert [seam.strength for seam in found] == ([strength] if strength else [])


def test_asked_for_again_within_a_bundle() -> None:
    members = [MemberRow(1, "B1", "开店", number, number) for number in (1, 2, 3)]
    papers = [paper(pk, "SFZ") for pk in (1, 2, 3)]
    found = seams.find(rows(item(1), item(2, B), item(3), documents=papers, members=members))
    assert kinds(found) == [(SeamKind.REPEATED_IN_BUNDLE, A), (SeamKind.REPEATED_IN_BUNDLE, None)]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_kind_has_words(language: str) -> None:
    assert set(seam_words.TITLES) == set(seam_words.EVIDENCE) == {kind.value for kind in SeamKind}
    with translation.override(language):
        (seam,) = seams.find(rows(item(1), item(2, B), before=[BeforeRow(1, 2, "")]))
        assert seam_words.title(seam)
        assert seam_words.evidence(seam)


@pytest.fixture
def chafing(district: District) -> ServiceItem:
    """B asks for C's licence and waits for an item of A in the same hall."""
    first = factories.make_item(district.a, documents=0, window=district.window_a)
    factories.make_document(district.item_b, 8, code="YYZZ", source_department=district.c, shareable=True)
    Prerequisite.objects.create(item=district.item_b, related=first, relation=Relation.BEFORE)
    return district.item_b


def test_one_item_alone_finds_what_the_whole_catalogue_finds(district: District, chafing: ServiceItem) -> None:
    other = factories.make_item(district.c, documents=0)
    factories.make_document(other, 1, code="YYZZ", form=DocumentForm.ORIGINAL)
    whole = [seam.key for seam in seams.find(load()) if seam.item.pk == chafing.pk]
    assert [seam.key for seam in seams.of_item(chafing)] == whole
    assert len(whole) >= 2


def test_unpublished_items_have_no_seams(chafing: ServiceItem) -> None:
    chafing.status = ItemStatus.RETIRED
    chafing.save()
    assert seams.find(load()) == seams.of_item(chafing) == []


def test_pair_strengths_leave_dismissed_seams_out(district: District, chafing: ServiceItem) -> None:
    assert seams.pair_strengths() == {(district.b.pk, district.c.pk): 2, (district.b.pk, district.a.pk): 3}
    seam = next(seam for seam in seams.of_item(chafing) if seam.hold == district.c.pk)
    SeamRuling.objects.create(
        key=seam.key, kind=seam.kind, item=chafing, need=district.b, title="x", dismissed_reason="法定"
    )
    assert seams.pair_strengths() == {(district.b.pk, district.a.pk): 3}


def large() -> Rows:
    """1,200 items of 60 departments with six steps and six documents each, drawn from 120 shared documents."""
    items = [item(pk, pk % 60) for pk in range(1, 1201)]
    papers = [
        paper(pk, f"D{(pk * 7 + n * 13) % 120}", (pk + n) % 60, format=f"F{(pk + n) % 4}")
        for pk in range(1, 1201)
        for n in range(6)
    ]
    steps = [
        step(pk, n, signatures=n % 4, window=n, window_number=f"A{n}", hall=1)
        for pk in range(1, 1201)
        for n in range(6)
    ]
    before = [BeforeRow(pk, pk - 1, "") for pk in range(2, 1201)]
    members = [MemberRow(pk // 8, f"B{pk // 8}", "套餐", pk % 8, pk) for pk in range(1, 1201)]
    return rows(*items, documents=papers, steps=steps, before=before, members=members)


def test_a_large_catalogue_in_two_seconds() -> None:
    world = large()
    start = time.process_time()
    found = seams.find(world)
    assert time.process_time() - start < 2
    assert len(found) > 10_000
