"""One small world with an object in the right state for every route, and a person of every role."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from django_tasks_db.models import DBTaskResult

from accounts.choices import Role
from accounts.models import User
from catalog.choices import ImportStatus
from catalog.models import CatalogImport, HallClosure, ServiceBundle, SimulationPack
from catalog.services import current_revision
from core import clock
from core.job_services import FAILED
from core.models import Notice, OutgoingMessage, WorkerBeat
from core.outbox_models import MessageStatus
from issues import services
from issues.choices import IssueStatus, NoticeColour, Redaction
from issues.models import LookBackSample, Screenshot
from sessions.choices import CaseSource, SessionStatus
from sessions.models import (
    Availability,
    Feedback,
    FeedbackQuestion,
    FeedbackTemplate,
    PlannedPlacement,
    Roster,
    RotationPlan,
)
from sessions.services import add_screen, draw_ticket, give_calendar_address, open_case
from tests import factories
from tests.conftest import District, make_district
from tests.issues.stages import Stage, picture
from tests.sessions.stage import pack, published

NOW = datetime(2026, 5, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Wednesday."""


@dataclass
class World:
    """People by role and objects by the name that the access table uses."""

    people: dict[str, User]
    objects: dict[str, Any]


def build() -> World:
    """Everything made through factories and services at one fixed moment."""
    with clock.at(NOW):
        district = make_district()
        people = _people(district)
        stage = Stage(district, people["reform_office"], people["liaison"], people["director"])
        objects: dict[str, Any] = {"hall": district.hall, "programme": district.programme, "item": district.item_b}
        objects |= {"window": district.window_b, "revision": current_revision(district.item_b)}
        objects |= _sittings(district, people) | _issues(stage)
        objects["bundle"] = ServiceBundle.objects.create(code="TB1", name="一件事", lead_department=district.b)
        objects["seam"] = _seam(district)
        objects |= _packs(objects["case"], people["hall_administrator"])
        objects["proposal"] = factories.make_proposal(district.item_b, people["liaison"])
        sent = {"created_by": people["reform_office"], "created_at": NOW, "updated_at": NOW, "language": "zh-hans"}
        objects["import"] = CatalogImport.objects.create(status=ImportStatus.READY, digest="x", **sent)
        objects["leader"] = people["director"]
        objects["switched_off"] = factories.make_user(disabled_at=NOW)
        away = {"starts_on": date(2026, 6, 2), "ends_on": date(2026, 6, 3)}
        objects["absence"] = Availability.objects.create(user=people["director"], **away)
        objects["closure"] = HallClosure.objects.create(hall=district.hall, date=date(2026, 6, 1), reason="检修")
        objects["screen"], _code = add_screen(district.hall, "一楼大厅", people["hall_administrator"])
        objects["token"] = SimpleNamespace(pk=give_calendar_address(people["director"]))
        objects |= _rotations(district, people["reform_office"])
        notice = {"kind": "test", "msgid": "New issue", "url": "/"}
        WorkerBeat.objects.create(worker_id="w", seen_at=NOW)
        objects["kind"] = SimpleNamespace(pk="overdue")
        objects["dead_task"] = DBTaskResult.objects.create(
            status=FAILED, worker_ids=["w"] * 5, args_kwargs={"args": [], "kwargs": {}}, run_after=NOW, task_path="x.y",
            finished_at=NOW,
        )  # fmt: skip
        objects["dead_message"] = OutgoingMessage.objects.create(
            key="x", kind="digest", channel="mail", recipient=people["director"], status=MessageStatus.DEAD, tries=5
        )
        objects["notice"] = Notice.objects.create(recipient=people["director"], **notice)
    return World(people, objects)


def _packs(case: Any, admin: User) -> dict[str, Any]:
    """The pack in use with a picture that the open case shows, and the next version that is being prepared."""
    pack = case.simulation_pack
    shown = factories.make_sample(pack, admin)
    prepared = SimulationPack.objects.create(item=pack.item, version=2, title="下一版", active=False)
    sample = factories.make_sample(prepared, admin)
    return {
        "pack": pack,
        "prepared": prepared,
        "sample_picture": sample,
        "case_sample": SimpleNamespace(pk=(case.pk, shown.pk)),
    }


def _seam(district: District) -> SimpleNamespace:
    """A seam is computed: its text stands in the address where other objects have their key."""
    factories.make_document(district.item_b, 9, code="YYZZ", source_department=district.c, shareable=True)
    return SimpleNamespace(pk=f"HELD_ELSEWHERE:{district.item_b.code}:YYZZ")


def _people(district: District) -> dict[str, User]:
    """`director` leads A and sits at B's window, `host` leads B, `liaison` speaks for B; C's liaison is a stranger."""
    make = factories.make_user
    return {
        "director": factories.make_director(district.a),
        "host": factories.make_director(district.b),
        "liaison": factories.grant(make(department=district.b), Role.LIAISON, department=district.b),
        "stranger": factories.grant(make(department=district.c), Role.LIAISON, department=district.c),
        "hall_administrator": factories.grant(make(), Role.HALL_ADMINISTRATOR, hall=district.hall),
        "guide": factories.grant(make(), Role.GUIDE, hall=district.hall),
        "experience_officer": factories.grant(make(), Role.EXPERIENCE_OFFICER, hall=district.hall),
        "reform_office": factories.grant(make(), Role.REFORM_OFFICE),
        "auditor": factories.grant(make(), Role.AUDITOR),
    }


def _rotations(district: District, officer: User) -> dict[str, Any]:
    """A proposal with one placement, and a plan of another programme that waits for the worker."""
    asked = {"starts_on": clock.today(), "ends_on": clock.today(), "created_by": officer}
    asked |= {"created_at": clock.now(), "updated_at": clock.now()}
    figures = dict.fromkeys(("placements", "given", "balance", "bound", "new_pairs", "pairs", "seams", "strength"), 1)
    plan = RotationPlan.objects.create(programme=district.programme, status="done", figures=figures, **asked)
    other = factories.make_programme(district.hall, district.a)
    return {
        "rotation": plan,
        "rotation_at_work": RotationPlan.objects.create(programme=other, **asked),
        "planned": PlannedPlacement.objects.create(
            plan=plan, director=officer, window=district.window_b, date=clock.today(), half="AM"
        ),
    }


def _sittings(district: District, people: dict[str, User]) -> dict[str, Any]:
    """Sessions of the director in every state, a running one with an open case and a draw."""
    director, day = people["director"], clock.today()
    made = {
        state: published(district, director, status=state, date=day + timedelta(days=offset))
        for state, offset in (("draft", 1), ("confirmed", 2), ("awaiting_feedback", -2), ("completed", -5))
    }
    other = published(district, director, status=SessionStatus.IN_PROGRESS, date=day + timedelta(days=5))
    running = published(district, director, status=SessionStatus.IN_PROGRESS, half="PM")
    template = FeedbackTemplate.objects.create(version=1, name="反馈表")
    FeedbackQuestion.objects.create(
        template=template, code="Q1", number=1, section="经办", kind="long_text", text="卡在哪里", requirement="no"
    )
    feedback = Feedback.objects.create(window_session=made["awaiting_feedback"], template=template)
    Feedback.objects.create(window_session=made["completed"], template=template, submitted_at=clock.now())
    case = open_case(
        running, director, item=district.item_b, source=CaseSource.SIMULATED, simulation_pack=pack(district)
    )
    release = Roster.objects.create(
        hall=district.hall, iso_year=2026, iso_week=21, number=1, published_at=clock.now(),
        published_by=people["hall_administrator"], lines=[],
    )  # fmt: skip
    return made | {
        "published": published(district, director),
        "past": published(district, director, date=date(2026, 5, 19)),
        "running": running,
        "draw": draw_ticket(other, director, ["A1"]),
        "case": case,
        "step": case.steps.order_by("number")[0],
        "feedback": feedback,
        "roster": release,
    }


def _issues(stage: Stage) -> dict[str, Any]:
    """An issue at every state, one with everything that acts ask for, and pictures."""
    made: dict[str, Any] = {f"issue_{status}": stage.issue(status) for status in IssueStatus.values}
    asked = services.request_extension(stage.issue(IssueStatus.RECTIFYING), stage.lead, days=3, reason="等批复")
    asked = services.supervise(asked, stage.office, colour=NoticeColour.BLUE, text="请答复", due_on=date(2026, 5, 25))
    shot = picture(made["issue_registered"], stage.finder)
    Screenshot.objects.filter(pk=shot.pk).update(redaction=Redaction.UNCHECKED)
    made["sample"] = LookBackSample.objects.create(
        number=1, seed="7f", closed_from=date(2026, 5, 1), closed_to=date(2026, 5, 31), due_on=date(2026, 6, 30),
        size=1, eligible=1, drawn_by=stage.office, drawn_at=clock.now(),
    )  # fmt: skip
    return made | {"issue_asked": asked, "screenshot": shot}
