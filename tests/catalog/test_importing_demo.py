"""The demo district through the real import: every row in, nothing twice, nothing lost."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from accounts.models import Department, Posting, User
from catalog.importing.report import CREATED, IGNORED, REJECTED, UNCHANGED
from catalog.importing.run import Options, import_files
from catalog.models import (
    BundleItem,
    GuideRevision,
    Hall,
    Prerequisite,
    ProcedureStep,
    RequiredDocument,
    ServiceBundle,
    ServiceItem,
    SimulationPack,
    Window,
)
from sessions.models import Availability

pytestmark = [pytest.mark.django_db, pytest.mark.whole]
DEMO = Path(settings.DEMO_DIR)
WORKBOOKS = [DEMO / "hall_register.xlsx", DEMO / "services.xlsx"]
TABLES = ("departments", "halls", "windows", "services", "service_steps", "service_materials", "service_prerequisites")
CSVS = [DEMO / f"{name}.csv" for name in (*TABLES, "bundles", "bundle_items", "directors")]
COUNTS = {
    Department: 34,
    Hall: 10,
    Window: 82,
    ServiceItem: 305,
    ProcedureStep: 1756,
    RequiredDocument: 1146,
    Prerequisite: 82,
    ServiceBundle: 15,
    BundleItem: 92,
    Posting: 56,
    User: 56,
    GuideRevision: 305,
}


def counts() -> dict[Any, int]:
    return {model: model.objects.count() for model in COUNTS}  # type: ignore[attr-defined]


def test_whole_district_from_two_workbooks_and_again() -> None:
    first = import_files(WORKBOOKS, Options())
    assert [entry for entry in first.entries if entry.status == REJECTED] == []
    assert [entry.code for entry in first.entries if entry.messages] == ["unknown_table"]
    assert counts() == COUNTS
    assert SimulationPack.objects.count() == ServiceItem.objects.filter(has_simulation_pack=True).count() > 0
    check_one_item(ServiceItem.objects.get(code="D01-001"))
    again = import_files(WORKBOOKS, Options())
    assert {entry.status for entry in again.entries} <= {UNCHANGED, IGNORED}
    assert counts() == COUNTS


def check_one_item(item: ServiceItem) -> None:
    assert (item.name, item.initials) == ("建筑工程施工许可证核发", "jzgcsgxkzhf")
    assert [item.statutory_days, item.committed_days] == [7, 3]
    assert item.window == item.pickup_window == Window.objects.get(number="A14")
    assert [step.window and step.window.number for step in item.steps.all()][:3] == ["Z04", "A14", "A14"]
    assert (item.steps.count(), item.documents.count(), item.history.count()) == (8, 11, 1)
    licence = item.documents.get(code="YYZZ")
    assert licence.source_department is not None
    assert (licence.source_department.short_name, licence.shareable) == ("市场监管局", True)


def test_files_in_any_order_and_a_dry_run_keeps_nothing() -> None:
    report = import_files(reversed(CSVS), Options(dry_run=True))
    assert {entry.status for entry in report.entries} == {CREATED}
    assert len(report.entries) == sum(COUNTS.values()) - COUNTS[User] - COUNTS[GuideRevision]
    assert not ServiceItem.objects.exists()
    assert not User.objects.exists()


def test_the_folder_with_both_forms_and_other_tables(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    call_command("import_catalog", DEMO, report=report, verbosity=0)
    rows = json.loads(report.read_text(encoding="utf-8"))["rows"]
    assert counts() == COUNTS
    assert {row["status"] for row in rows} == {CREATED, IGNORED}
    assert {row["code"] for row in rows if row["file"] == "issues_sample.csv"} == {"unknown_table"}
    assert set(rows[0]) == {"file", "sheet", "row", "kind", "key", "status", "code", "messages"}
    assert Availability.objects.filter(user__code="L001").count() == 3
