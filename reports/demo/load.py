"""Loads the demo district: files in through the import commands, then months of history through the services."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from django.core.management import call_command
from django.db import transaction

from accounts.models import User
from catalog.importing.report import REJECTED
from catalog.importing.run import Options, import_files
from catalog.models import ServiceItem
from core import clock, workdays
from core.calendar_services import seed
from core.models import Notice
from core.notices import mark_read
from issues import services as register
from issues.choices import IssueStatus, NoticeColour, Source
from issues.importing.read import read_rows
from issues.importing.register import fields_of
from issues.importing.replay import Timeline, advance, finish_tasks
from issues.importing.rows import IssueRow
from issues.models import FollowUp, Issue
from reports.demo.people import Login, give_logins, make_staff
from reports.demo.present import PresentWeek
from reports.demo.sittings import rebuild
from reports.demo.stage import Shift, Stage, seen_at
from sessions.importing_leave import keep_leave
from sessions.importing_programmes import import_programmes
from sessions.models import Programme

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Files:
    """Where the demo's files lie."""

    folder: Path

    def path(self, name: str) -> Path:
        return self.folder / name


@transaction.atomic
def load(folder: Path, as_of: date | None, say: Say) -> list[Login]:
    """Everything, in one transaction: a demo is whole or not there. Gives the log-ins with their passwords."""
    files = Files(folder)
    seed(range(2025, (as_of or clock.today()).year + 2))
    calendar = workdays.load()
    now, today = seen_at(as_of, calendar)
    shift = Shift.to_week_of(today, calendar)
    say("catalogue")
    _catalogue([files.path("hall_register.xlsx"), files.path("services.xlsx")], shift)
    call_command("import_feedback_questions", str(files.path("feedback_questions.csv")), verbosity=0)
    actors, administrator, guide, people = make_staff()
    stage = Stage(now, today, shift, actors, administrator, guide)
    with clock.at(stage.moment(shift.plain(date(2026, 5, 6)), 9)):
        programmes = _programmes(files, stage)
    say("sessions and issues of the past")
    rows = [_by_officer(row, actors.neutral) for row in read_rows([files.path("issues_sample.xlsx")], move=shift)]
    issues = _history(rows, programmes, stage, files)
    say("the present week")
    PresentWeek(programmes["sitting"], stage).build()
    _present_work(issues, rows, stage)
    _read_old_notices(stage)
    return give_logins(people)


def _by_officer(row: IssueRow, officer: User) -> IssueRow:
    """What experience officers found belongs to the one who can sign in."""
    return replace(row, finder=officer) if row.source == Source.EXPERIENCE_OFFICER and row.finder is None else row


def _catalogue(paths: list[Path], shift: Shift) -> None:
    report = import_files(paths, Options(keep_leave=partial(keep_leave, move=shift.plain)))
    if report.exit_code:
        refused = next(entry for entry in report.entries if entry.status == REJECTED)
        raise ValueError(f"{refused.where} {refused.row}: {refused.messages}")


def _programmes(files: Files, stage: Stage) -> dict[str, Programme]:
    import_programmes([files.path("programmes.csv")], actor=stage.actors.officer, move=stage.shift.plain)
    found: dict[str, Programme] = {row.kind: row for row in Programme.objects.order_by("-starts_on")}
    for programme in found.values():
        # A holiday may push the last days of the week behind its end.
        programme.ends_on = stage.calendar.add(programme.ends_on, 3)
        programme.handling_list.add(*ServiceItem.objects.filter(in_visit_list=True))
        programme.save(update_fields=["ends_on"])
    return found


def _history(rows: list[IssueRow], programmes: dict[str, Programme], stage: Stage, files: Files) -> dict[str, Issue]:
    for row in rows:
        kind = "sitting" if row.source == Source.SITTING else "cross"
        if row.item is not None:
            programmes[kind].handling_list.add(row.item)
    issues = rebuild(rows, programmes, stage)
    for row in rows:
        if row.number not in issues:
            with clock.at(stage.moment(row.found_on, 16, 40)):
                issues[row.number] = register.register(_registrar(row, stage), **fields_of(row))
    _pictures(rows, issues, stage, files)
    for row in rows:
        issue = Issue.objects.get(pk=issues[row.number].pk)
        line = Timeline(stage.calendar, issue.registered_at + timedelta(minutes=10), stage.now)
        issues[row.number] = advance(issue, row, line, stage.actors)
    return issues


def _registrar(row: IssueRow, stage: Stage) -> User:
    return row.finder if row.finder is not None else stage.actors.officer


def _pictures(rows: list[IssueRow], issues: dict[str, Issue], stage: Stage, files: Files) -> None:
    with files.path("images/manifest.csv").open(encoding="utf-8-sig", newline="") as stream:
        facts = {line["文件名"]: line for line in csv.DictReader(stream)}
    for row in rows:
        if not row.image:
            continue
        issue = issues[row.number]
        fact = facts.get(row.image, {})
        clean = fact.get("含虚构个人信息") == "否"
        with (
            clock.at(issue.registered_at + timedelta(minutes=5)),
            files.path(f"images/{row.image}").open("rb") as picture,
        ):
            caption = fact.get("内容说明", "").split("，")[0]
            register.add_screenshot(issue.registered_by, picture, issue=issue, caption=caption, no_personal_data=clean)


def _present_work(issues: dict[str, Issue], rows: list[IssueRow], stage: Stage) -> None:
    """What gives every role something to do this morning: tasks, notices, requests, look-backs."""
    morning = stage.moment(stage.today, 8, 20)
    open_rows = [row for row in rows if row.status == IssueStatus.RECTIFYING]
    for row in open_rows[::2]:
        issue = issues[row.number]
        line = Timeline(stage.calendar, morning - timedelta(days=3), stage.now)
        finish_tasks(issue, line, stage.actors, stage.calendar.next_workday((morning - timedelta(days=3)).date()), 1)
    _supervise([row for row in open_rows if row.due_on and row.due_on < stage.today], issues, stage)
    _requests([row for row in open_rows if row.due_on and row.due_on > stage.today], issues, stage)
    _look_backs(stage)


def _supervise(rows: list[IssueRow], issues: dict[str, Issue], stage: Stage) -> None:
    colours = [NoticeColour.RED, NoticeColour.ORANGE, NoticeColour.ORANGE, NoticeColour.BLUE]
    for place, (row, colour) in enumerate(zip(rows, colours, strict=False)):
        with clock.at(stage.moment(stage.today, 8, 25 + place)):
            register.supervise(
                Issue.objects.get(pk=issues[row.number].pk),
                stage.actors.officer,
                colour=colour,
                text="整改已超期，请说明原因、下一步措施和完成日期。",
                due_on=stage.calendar.add(stage.today, 3),
            )


def _requests(rows: list[IssueRow], issues: dict[str, Issue], stage: Stage) -> None:
    """Two requests for more time and one for a coordination meeting on record."""
    for row in rows[:2]:
        issue = Issue.objects.get(pk=issues[row.number].pk)
        with clock.at(stage.moment(stage.today, 8, 35)):
            register.request_extension(
                issue, stage.actors.liaison(row.lead), days=5, reason="接口改造排在下周上线，需要多留五个工作日联调。"
            )
    for row in rows[2:3]:
        issue = Issue.objects.get(pk=issues[row.number].pk)
        with clock.at(stage.moment(stage.today, 8, 40)):
            register.coordinate(
                issue,
                stage.actors.officer,
                participants="牵头单位、协办单位、改革办",
                agreed="数据接口由协办单位本周开通，牵头单位同步修改办事指南。",
            )


def _read_old_notices(stage: Stage) -> None:
    """People have read what came before this morning; what came today waits in the inbox."""
    with clock.at(stage.moment(stage.today, 8)):
        mark_read(Notice.objects.filter(created_at__lt=stage.moment(stage.today, 8)))


def _look_backs(stage: Stage) -> None:
    """Look-backs that fell due more than a week ago were made and the closures held; the later ones wait."""
    for row in FollowUp.objects.filter(due_on__lt=stage.today - timedelta(days=7)).select_related("issue"):
        with clock.at(stage.moment(stage.calendar.next_workday(row.due_on), 15)):
            note = "现场复看一遍，措施仍在执行。"
            actors = stage.actors
            looker = actors.neutral if row.issue.led_by_reform_office else actors.second_officer
            register.look_back(row.issue, looker, follow_up=row, holds=True, note=note)
